import { insertBlob } from '@sheaf/db/catalogue/insert-blob';
import { insertLicence } from '@sheaf/db/catalogue/insert-licence';
import { updateLicence } from '@sheaf/db/catalogue/update-licence';
import { insertDownload } from '@sheaf/db/downloads/insert-download';
import { loadDecisionFacts } from '@sheaf/db/downloads/load-decision-facts';
import { setupCatalogue, sha256Of } from '@sheaf/db/testing/catalogue-setup';
import { recordStatements } from '@sheaf/db/testing/record-statements';
import { insertUser } from '@sheaf/db/users/insert-user';
import { decideDownload } from '@sheaf/domain/decide-download';
import type { DownloadRequest } from '@sheaf/domain/download-request';
import { expect, test } from 'vitest';
import { type RefusedInBundle, refusedInBundle } from './refused-in-bundle.ts';

const now = new Date('2026-03-04T05:06:07Z');

/** A requester, a licence, and bundles of assets under it. */
async function setup() {
  const { url, db, addAsset, copyAsset } = await setupCatalogue();
  const user = await insertUser(db.orm, { email: 'a@example.com', name: 'A', role: 'requester', passwordHash: null });
  const owner = { id: user.id, role: user.role, dynamicRenditions: false, groups: [] };
  const terms = { sha256: sha256Of('terms'), size: 100, crc32: 1 };
  await insertBlob(db.orm, terms);
  const licence = { title: 'Press', approved: true, documentSha256: terms.sha256, expiresAt: null };
  const licenceId = await insertLicence(db.orm, licence);

  async function bundle(count: number): Promise<string> {
    const { assetId } = await addAsset(`${count}.jpg`, { licenceId });
    const copies = count > 1 ? await copyAsset(assetId, count - 1) : [];
    const request: DownloadRequest = {
      name: 'Boats',
      assetIds: [assetId, ...copies],
      renditions: 'originals',
      renditionIds: null,
      renditionNames: null,
      withoutLicences: [],
      layout: 'flat',
      format: 'zip',
      compression: 'store',
      partSize: null,
      acceptLicences: [{ licenceId, sha256: terms.sha256 }],
      expiredAssets: 'exclude',
      unavailable: 'fail',
      notify: { email: false, to: [] },
    };
    const decision = decideDownload(await loadDecisionFacts(db.orm, { request, actor: owner, now }));
    expect(decision).toMatchObject({ verdict: 'allowed', counts: { included: count } });
    const accepted = request.acceptLicences.map((given) => ({ ...given, version: 1 }));
    const origin = { requestId: null, ipAddress: null, userAgent: null };
    return db.transaction((tx) =>
      insertDownload(tx, { requesterId: user.id, request, decision, accepted, ...origin, now }),
    );
  }

  /** What is refused of the bundle, and the number of statements that it took to say so. */
  async function judge(downloadId: string) {
    let refused: RefusedInBundle | null = null;
    const { statements } = await recordStatements(url, async (executor) => {
      refused = await refusedInBundle(executor, { downloadId, owner, now });
    });
    return { assets: (refused as RefusedInBundle | null)?.assets ?? 0, statements: statements.length };
  }
  const withdrawLicence = () => db.transaction((tx) => updateLicence(tx, licenceId, { approved: false }, now));
  return { bundle, judge, withdrawLicence };
}

test('rights to a bundle of 1,000 assets take as many statements as those to a bundle of one', async () => {
  const { bundle, judge, withdrawLicence } = await setup();
  const [one, thousand] = [await bundle(1), await bundle(1_000)];

  // Items with their assets, configuration, licences, acceptances.
  expect(await judge(one)).toEqual({ assets: 0, statements: 4 });
  expect(await judge(thousand)).toEqual({ assets: 0, statements: 4 });

  await withdrawLicence();

  // And the titles of what is refused.
  expect(await judge(one)).toEqual({ assets: 1, statements: 5 });
  expect(await judge(thousand)).toEqual({ assets: 1_000, statements: 5 });
});
