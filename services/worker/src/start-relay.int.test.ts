import { addToOutbox } from '@sheaf/db/add-to-outbox';
import { deleteOutbox, type TakenRow, takeOutbox } from '@sheaf/db/outbox/take-outbox';
import { writeVisibility } from '@sheaf/db/visibility/write-visibility';
import { defaultVisibility } from '@sheaf/domain/visibility-configuration';
import { createLogger } from '@sheaf/runtime/logger';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { setupWorker } from '../../../test/harness/worker.ts';
import { startRelay } from './start-relay.ts';

interface AddedJob {
  name: string;
  payload: unknown;
  options: unknown;
}

/** A worker's database with a relay whose queue only remembers what it was given. */
async function setup({ pollMs = 60_000, maxOpenDownloads = 100 } = {}) {
  const worker = await setupWorker();
  const { assetId } = await worker.addAsset();
  const added: AddedJob[] = [];
  const queue = { down: false };
  const start = async () => {
    const relay = await startRelay({
      db: worker.db,
      producer: {
        async add(name, payload, options) {
          if (queue.down) throw new Error('the queue is away');
          added.push({ name, payload, options });
        },
      },
      logger: createLogger({ level: 'silent', name: 'relay' }),
      maxOpenDownloads: () => maxOpenDownloads,
      pollMs,
    });
    onTestFinished(() => relay.close());
    return relay;
  };
  const request = () => worker.request({ assetIds: [assetId] });
  return { worker, assetId, added, queue, start, request };
}

const rowsLeft = async ({ db }: Awaited<ReturnType<typeof setup>>['worker']) =>
  Number((await db.orm.execute<{ rows: string }>('select count(*) as rows from outbox'))[0]?.rows);

describe('relay', () => {
  test('adds the job of a request at once, under its own id, and then the download is queued', async () => {
    const { worker, added, start, request } = await setup();
    await start();

    const downloadId = await request();

    await vi.waitFor(() => expect(added).toHaveLength(1));
    expect(added[0]).toEqual({
      name: 'gather',
      payload: { downloadId, epoch: 0 },
      options: { jobId: `gather-${downloadId}-0`, priority: 6 },
    });
    await vi.waitFor(async () => expect((await worker.download(downloadId)).state).toBe('queued'));
    expect(await rowsLeft(worker)).toBe(0);
  });

  test('a job that runs before the relay has committed does its work all the same', async () => {
    const { worker, request } = await setup();
    const downloadId = await request();
    const { promise: committing, resolve: commit } = Promise.withResolvers<void>();
    const { promise: added, resolve: add } = Promise.withResolvers<TakenRow>();
    const relaying = worker.db.transaction(async (tx) => {
      const [row] = await takeOutbox(tx, { batch: 1, maxOpenDownloads: 1 });
      await deleteOutbox(tx, [row!.id]);
      add(row!);
      await committing;
    });

    const gathering = worker.runJob(await added);
    const waiting = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    await vi.waitFor(async () => expect(await worker.db.orm.execute(waiting)).toHaveLength(1));
    commit();

    await relaying;
    await gathering;
    expect((await worker.download(downloadId)).state).toBe('packing');
  });

  test('leaves a download that a worker already has in its state', async () => {
    const { worker, start, added, request } = await setup();
    const downloadId = await request();
    await worker.runJob({ job: 'gather', payload: { downloadId, epoch: 0 } });

    await start();

    await vi.waitFor(async () => expect(await rowsLeft(worker)).toBe(0));
    expect(added.map(({ name }) => name).sort()).toEqual(['gather', 'pack']);
    expect((await worker.download(downloadId)).state).toBe('packing');
  });

  test('keeps its rows while the queue is away, and adds them when it is back', async () => {
    const { worker, added, queue, start, request } = await setup({ pollMs: 20 });
    queue.down = true;
    await start();
    const downloadId = await request();
    await vi.waitFor(async () => expect((await worker.download(downloadId)).state).toBe('queued'));
    expect(await rowsLeft(worker)).toBe(1);

    queue.down = false;

    await vi.waitFor(() => expect(added).toHaveLength(1));
    await vi.waitFor(async () => expect(await rowsLeft(worker)).toBe(0));
  });

  test('a job that is asked for with a pause is added when the pause is over', async () => {
    const { worker, assetId, added, start } = await setup({ pollMs: 20 });
    await start();
    const askedAt = performance.now();
    await addToOutbox(worker.db.orm, [
      { job: 'render', jobId: 'render-later', payload: { assetId }, requesterId: null, delayMs: 300 },
    ]);

    await vi.waitFor(() => expect(added).toHaveLength(1), { timeout: 5_000 });
    expect(performance.now() - askedAt).toBeGreaterThanOrEqual(295);
  });

  test('a row that is no job is dropped, and does not keep the next from the queue', async () => {
    const { worker, assetId, added, start } = await setup();
    const row = { job: 'render', requesterId: null } as const;
    await addToOutbox(worker.db.orm, [
      { ...row, jobId: 'render-a', payload: { assetId: 'none' } },
      { ...row, jobId: 'render-b', payload: { assetId } },
    ]);

    await start();

    await vi.waitFor(() => expect(added.map(({ payload }) => payload)).toEqual([{ assetId }]));
    await vi.waitFor(async () => expect(await rowsLeft(worker)).toBe(0));
  });

  test('two relays add each job once', async () => {
    const { added, start, request, worker } = await setup({ pollMs: 10 });
    await Promise.all([start(), start()]);

    const downloadIds = await Promise.all(Array.from({ length: 20 }, request));

    await vi.waitFor(async () => expect(await rowsLeft(worker)).toBe(0), { timeout: 5_000 });
    const gathered = added.map(({ payload }) => (payload as { downloadId: string }).downloadId);
    expect(gathered.toSorted()).toEqual(downloadIds.toSorted());
  });
});

describe('takeOutbox', () => {
  test('takes turns between requesters, however many downloads one of them has waiting', async () => {
    const { worker, assetId } = await setup();
    const other = await worker.addUser('other@example.com');
    const many = [];
    for (let i = 0; i < 6; i += 1) many.push(await worker.request({ assetIds: [assetId] }));
    const few = [];
    for (let i = 0; i < 2; i += 1) few.push(await worker.requestAs(other, { assetIds: [assetId] }));

    const taken = await worker.db.transaction((tx) => takeOutbox(tx, { batch: 100, maxOpenDownloads: 100 }));

    const inOrder = taken.map(({ payload }) => payload.downloadId);
    expect(inOrder.slice(0, 4)).toEqual([many[0], few[0], many[1], few[1]]);
  });

  test('admits no more downloads than may be open, and next the one of whom has the fewest', async () => {
    const { worker, assetId } = await setup();
    const other = await worker.addUser('other@example.com');
    const take = () =>
      worker.db.transaction(async (tx) => {
        const rows = await takeOutbox(tx, { batch: 100, maxOpenDownloads: 3 });
        await deleteOutbox(
          tx,
          rows.map(({ id }) => id),
        );
        return rows.map(({ payload }) => payload.downloadId);
      });
    const many = [];
    for (let i = 0; i < 5; i += 1) many.push(await worker.request({ assetIds: [assetId] }));
    expect(await take()).toEqual(many.slice(0, 3));
    const late = await worker.requestAs(other, { assetIds: [assetId] });
    expect(await take()).toEqual([]);

    await worker.db.orm.execute(`update downloads set state = 'ready' where id = '${many[0]}'`);

    expect(await take()).toEqual([late]);
  });

  test('a requester who has as many in progress as the configuration allows waits, and others go on', async () => {
    const { worker, assetId } = await setup();
    const other = await worker.addUser('other@example.com');
    const configuration = { ...defaultVisibility, runningPerRequester: 2 };
    await writeVisibility(worker.db.orm, { configuration, changedBy: null, changedAt: new Date() });
    const take = () =>
      worker.db.transaction(async (tx) => {
        const rows = await takeOutbox(tx, { batch: 100, maxOpenDownloads: 100 });
        await deleteOutbox(
          tx,
          rows.map(({ id }) => id),
        );
        return rows.map(({ payload }) => payload.downloadId);
      });
    const many: string[] = [];
    for (let i = 0; i < 5; i += 1) many.push(await worker.request({ assetIds: [assetId] }));
    expect(await take()).toEqual(many.slice(0, 2));
    const few = [await worker.requestAs(other, { assetIds: [assetId] })];
    expect(await take()).toEqual(few);
    expect(await take()).toEqual([]);

    await worker.db.orm.execute(`update downloads set state = 'ready' where id = '${many[0]}'`);
    expect(await take()).toEqual([many[2]]);

    const unlimited = { ...configuration, runningPerRequester: null };
    await writeVisibility(worker.db.orm, { configuration: unlimited, changedBy: null, changedAt: new Date() });
    expect(await take()).toEqual(many.slice(3));
  });

  test('relays that take at the same time admit together no more than the configuration allows', async () => {
    const { worker, assetId } = await setup();
    const configuration = { ...defaultVisibility, runningPerRequester: 3 };
    await writeVisibility(worker.db.orm, { configuration, changedBy: null, changedAt: new Date() });
    for (let i = 0; i < 12; i += 1) await worker.request({ assetIds: [assetId] });
    const take = () => worker.db.transaction((tx) => takeOutbox(tx, { batch: 100, maxOpenDownloads: 100 }));

    const taken = await Promise.all([take(), take(), take(), take()]);

    // Each leaves its rows, as if its queue had been away: those that are queued are no new downloads any more.
    const ids = new Set(taken.flat().map(({ payload }) => payload.downloadId));
    expect(ids.size).toBe(3);
  });

  test('never makes work wait for new downloads that was begun before', async () => {
    const { worker, assetId } = await setup();
    await worker.request({ assetIds: [assetId] });
    await worker.request({ assetIds: [assetId] });
    const [gather] = await worker.db.transaction(async (tx) => {
      const rows = await takeOutbox(tx, { batch: 1, maxOpenDownloads: 1 });
      await deleteOutbox(
        tx,
        rows.map(({ id }) => id),
      );
      return rows;
    });
    await worker.runJob(gather!);

    const taken = await worker.db.transaction((tx) => takeOutbox(tx, { batch: 100, maxOpenDownloads: 1 }));

    expect(taken.map(({ job }) => job)).toEqual(['pack']);
  });
});
