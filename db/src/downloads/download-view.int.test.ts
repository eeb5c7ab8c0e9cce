import type { DownloadState } from '@sheaf/domain/download-state';
import { defaultVisibility } from '@sheaf/domain/visibility-configuration';
import { eq, sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { takeOutbox } from '../outbox/take-outbox.ts';
import { downloads } from '../schema/downloads.ts';
import { setupCatalogue } from '../testing/catalogue-setup.ts';
import { insertUser } from '../users/insert-user.ts';
import { writeVisibility } from '../visibility/write-visibility.ts';
import { heartbeatWorker } from '../workers/heartbeat-worker.ts';
import { askForStep } from './ask-for-step.ts';
import { findDownload } from './find-download.ts';
import { listDownloads } from './list-downloads.ts';
import { loadQueuePlaces } from './load-queue-places.ts';

/** Downloads in the given states, oldest first, of two requesters in turn: a has the even ones, b the odd ones. */
async function setup(states: DownloadState[]) {
  const { db } = await setupCatalogue();
  const users = await Promise.all(
    ['a', 'b'].map((name) =>
      insertUser(db.orm, { email: `${name}@example.com`, name, role: 'requester', passwordHash: null }),
    ),
  );
  const ids = states.map((_state, index) => `01900000-0000-7000-8000-${String(index).padStart(12, '0')}`);
  await db.orm.insert(downloads).values(
    states.map((state, index) => ({
      id: ids[index]!,
      requesterId: users[index % 2]!.id,
      name: `${index}`,
      state,
      request: {} as never,
      background: true,
      included: 1,
      excluded: 0,
    })),
  );
  return { db, ids, requesterId: users[0]!.id };
}

const mixed: DownloadState[] = [
  'queued',
  'requested',
  'ready',
  'requested',
  'queued',
  'packing',
  'requested',
  'queued',
];

test('downloads that wait have their place in the order in which workers take them, in turn between requesters', async () => {
  const { db } = await setup(mixed);
  const views = await listDownloads(db.orm, { requesterId: null, limit: 50 });
  const positions = Object.fromEntries(views.map(({ name, queuePosition }) => [name, queuePosition]));
  // 0, 4 and 7 are in the queue; then each requester's first, although the second one of b was asked for before a's.
  expect(positions).toEqual({ 0: 1, 4: 2, 7: 3, 1: 4, 6: 5, 3: 6, 2: null, 5: null });
});

test('the places are those in which the relay takes what waits', async () => {
  const { db, ids } = await setup([
    'requested',
    'requested',
    'requested',
    'requested',
    'requested',
    'requested',
    'packing',
  ]);
  const rows = await db.orm.select({ id: downloads.id, requesterId: downloads.requesterId }).from(downloads);
  const requesterOf = (id: string) => rows.find((row) => row.id === id)!.requesterId;
  await db.transaction((tx) =>
    askForStep(
      tx,
      ...ids
        .slice(0, 6)
        .map((id) => ({ downloadId: id, epoch: 0, requesterId: requesterOf(id), step: 'gather' as const })),
    ),
  );
  const places = await loadQueuePlaces(db.orm, ids);
  const promised = ids.filter((id) => places.has(id)).sort((a, b) => places.get(a)!.position - places.get(b)!.position);

  const taken = await db.transaction((tx) => takeOutbox(tx, { batch: 4, maxOpenDownloads: 100 }));

  expect(taken.map(({ payload }) => payload.downloadId)).toEqual(promised.slice(0, 4));
  const afterwards = await loadQueuePlaces(db.orm, ids);
  expect(promised.map((id) => afterwards.get(id)!.position)).toEqual([1, 2, 3, 4, 5, 6]);
});

test('the places hold where a requester may have only so many in progress, and say which begin after an own one', async () => {
  const { db, ids } = await setup(Array.from({ length: 9 }, () => 'requested'));
  const configuration = { ...defaultVisibility, runningPerRequester: 2 };
  await writeVisibility(db.orm, { configuration, changedBy: null, changedAt: new Date() });
  const rows = await db.orm.select({ id: downloads.id, requesterId: downloads.requesterId }).from(downloads);
  const requesterOf = (id: string) => rows.find((row) => row.id === id)!.requesterId;
  const steps = ids.map((id) => ({ downloadId: id, epoch: 0, requesterId: requesterOf(id), step: 'gather' as const }));
  await db.transaction((tx) => askForStep(tx, ...steps));
  await db.orm.update(downloads).set({ bytesTotal: 10 });
  const places = await loadQueuePlaces(db.orm, ids);
  const promised = ids.toSorted((a, b) => places.get(a)!.position - places.get(b)!.position);

  // Each ends in the order in which it was begun, and makes room for what is next.
  const begun: string[] = [];
  for (let ended = 0; ended < ids.length; ended += 1) {
    const taken = await db.transaction((tx) => takeOutbox(tx, { batch: 100, maxOpenDownloads: 100 }));
    begun.push(...taken.map(({ payload }) => String(payload.downloadId)).filter((id) => !begun.includes(id)));
    await db.orm.update(downloads).set({ state: 'cancelled' }).where(eq(downloads.id, begun[ended]!));
  }

  expect(begun).toEqual(promised);
  expect(promised.map((id) => places.get(id)!.own)).toEqual(
    [0, 0, 1, 1, 2, 2, 3, 3, 4].map((before) => ({ downloads: before, bytes: 10 * before, atOnce: 2 })),
  );
  expect(promised.map((id) => places.get(id)!.waitsForOwn)).toEqual([...Array(4).fill(false), ...Array(5).fill(true)]);
});

test('a page tells the same places, whoever asked for what waits before it', async () => {
  const { db, ids, requesterId } = await setup(mixed);
  const page = await listDownloads(db.orm, { requesterId, before: ids[6], limit: 2 });
  expect(page.map(({ name, queuePosition }) => [name, queuePosition])).toEqual([
    ['4', 2],
    ['2', null],
  ]);
  const last = await findDownload(db.orm, { downloadId: ids[3]!, requesterId: null });
  expect(last?.queuePosition).toBe(6);
});

test('a place is found without reading what has ended', async () => {
  const states = Array.from({ length: 4_000 }, (_, index) => (index < 3_900 ? ('expired' as const) : 'requested'));
  const { db, ids } = await setup(states);
  await db.orm.execute(sql`vacuum analyze downloads`);
  const { position, tuples } = await db.transaction(async (tx) => {
    // Counts what earlier statements of the connection read, too, until PostgreSQL has added that up.
    const tuplesRead = async () => {
      const [row] = await tx.execute<{ tuples: number }>(
        sql`select sum(pg_stat_get_xact_tuples_returned(relation))::int as tuples
          from (select 'downloads'::regclass as relation
            union all select indexrelid from pg_index where indrelid = 'downloads'::regclass) as relations`,
      );
      return row!.tuples;
    };
    const before = await tuplesRead();
    const view = await findDownload(tx, { downloadId: ids.at(-1)!, requesterId: null });
    return { position: view?.queuePosition, tuples: (await tuplesRead()) - before };
  });
  expect(position).toBe(100);
  expect(tuples).toBeLessThan(1_000);
});

test('what waits is promised the time that downloads took of late, and nothing while no worker is alive', async () => {
  const { db, ids } = await setup(['ready', 'ready', 'ready', 'gathering', 'requested', 'requested']);
  const since = (seconds: number) => sql`now() - ${seconds} * interval '1 second'`;
  // Ten seconds each, and one more for every thousand bytes.
  for (const [index, id] of ids.slice(0, 3).entries()) {
    await db.orm
      .update(downloads)
      .set({ bytesTotal: index * 1_000, startedAt: since(60), readyAt: since(50 - index) })
      .where(eq(downloads.id, id));
  }
  await db.orm
    .update(downloads)
    .set({ bytesTotal: 5_000, startedAt: since(5) })
    .where(eq(downloads.id, ids[3]!));
  const etas = async () => {
    const views = await listDownloads(db.orm, { requesterId: null, limit: 50 });
    return ids.map((id) => views.find((view) => view.id === id)!.etaSeconds);
  };
  expect(await etas()).toEqual([null, null, null, null, null, null]);

  await heartbeatWorker(db.orm, { id: 'w', host: 'h', pid: 1, version: '1', rssBytes: 1 });

  const [, , , begun, first, second] = await etas();
  expect(begun).toBe(10);
  expect([first, second]).toEqual([10, 20]);
});
