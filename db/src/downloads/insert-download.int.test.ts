import type { DownloadDecision } from '@sheaf/domain/download-decision';
import type { DownloadRequest } from '@sheaf/domain/download-request';
import type { Outcome } from '@sheaf/domain/outcome';
import { aRequest } from '@sheaf/domain/testing/decision-facts';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../../test/harness/postgres.ts';
import { createDatabase } from '../database.ts';
import { newId } from '../schema/columns.ts';
import { outbox } from '../schema/jobs.ts';
import { insertUser } from '../users/insert-user.ts';
import { insertDownload } from './insert-download.ts';
import { listDownloadItems } from './list-download-items.ts';
import { loadDownloadRequest } from './load-download-request.ts';

async function setup() {
  const database = await createTestDatabase();
  const db = createDatabase(database.url);
  onTestFinished(async () => {
    await db.close();
    await database.drop();
  });
  const user = await insertUser(db.orm, { email: 'a@example.com', name: 'A', role: 'requester', passwordHash: null });
  const insert = (request: DownloadRequest, decision: DownloadDecision) =>
    db.transaction((tx) =>
      insertDownload(tx, {
        requesterId: user.id,
        request,
        decision,
        accepted: [],
        requestId: 'r',
        ipAddress: null,
        userAgent: null,
        now: new Date(),
      }),
    );
  return { db, user, insert };
}

function requestOf(assetIds: string[]): DownloadRequest {
  return aRequest({
    name: `Quotes " ' \\ and 💾`,
    assetIds,
    partSize: 2_000_000_000,
    acceptLicences: [{ licenceId: newId(), sha256: 'a'.repeat(64) }],
    notify: { email: true, to: ['a@example.com'] },
  });
}

function outcomeOf(assetId: string, index: number): Outcome {
  const entry = {
    path: `${index} \\"/' ü.jpg`,
    kind: 'original' as const,
    name: 'original',
    size: index % 7 === 0 ? null : 5_000_000_000 + index,
    sha256: index % 7 === 0 ? null : 'b'.repeat(64),
    crc32: index % 7 === 0 ? null : 4_294_967_295,
    renditionId: newId(),
    presetId: null,
    mediaType: 'image/jpeg',
    modifiedAt: new Date('2026-01-02T03:04:05.678Z'),
  };
  const common = { assetId, title: `Asset ${index}`, renamed: index % 2 === 0 };
  return index % 5 === 0
    ? { ...common, outcome: 'excluded', reason: 'asset.not_found', entries: [], part: null }
    : { ...common, outcome: 'included', reason: null, entries: [entry], part: 1 };
}

function decisionOf(outcomes: Outcome[]): DownloadDecision {
  const included = outcomes.filter(({ outcome }) => outcome === 'included').length;
  return {
    outcomes,
    counts: {
      assets: outcomes.length,
      included,
      excluded: outcomes.length - included,
      entries: included,
      renamed: 0,
    },
    contentSize: 1,
    entriesToRender: 0,
    renderEstimate: 0,
    licences: [],
    expired: [],
    expiring: [],
    parts: [],
    background: true,
    direct: null,
    contentEndsAt: null,
    expiresAt: new Date(),
    verdict: 'allowed',
  };
}

test('a request for 25,000 assets is read back as it was made, in its order, without the licences that nobody recorded', async () => {
  const { db, user, insert } = await setup();
  const assetIds = Array.from({ length: 25_000 }, newId).reverse();
  const request = requestOf(assetIds);
  const outcomes = assetIds.map(outcomeOf);

  const id = await insert(request, decisionOf(outcomes));

  const { id: userId, role, dynamicRenditions } = user;
  expect(await loadDownloadRequest(db.orm, id)).toEqual({
    request: { ...request, acceptLicences: [] },
    actor: { id: userId, role, dynamicRenditions, groups: [] },
    disabledAt: null,
    origin: { ipAddress: null, userAgent: null },
  });
  const items = await listDownloadItems(db.orm, { downloadId: id, limit: 30_000 });
  expect(items).toHaveLength(25_000);
  for (const position of [0, 1, 2_499, 2_500, 14_001, 24_999]) {
    const { entries, ...outcome } = outcomes[position]!;
    const stored = entries.map((entry) => ({ ...entry, modifiedAt: entry.modifiedAt.toISOString() }));
    expect(items[position]).toEqual({ position, ...outcome, entries: stored });
  }
});

test('nothing of a download is left where its transaction fails at the end', async () => {
  const { db, insert } = await setup();
  const assetId = newId();
  const impossible = { ...outcomeOf(assetId, 1), title: 'a \u0000 b' };

  await expect(
    insert(requestOf([assetId, assetId]), decisionOf([outcomeOf(assetId, 1), impossible])),
  ).rejects.toThrow();

  expect(await db.orm.query.downloads.findMany()).toEqual([]);
  expect(await db.orm.$count(outbox)).toBe(0);
});

test('a download that is not there is `resource.not_found`', async () => {
  const { db } = await setup();
  await expect(loadDownloadRequest(db.orm, newId())).rejects.toMatchObject({ code: 'resource.not_found' });
});
