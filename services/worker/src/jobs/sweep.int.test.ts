import { utimes } from 'node:fs/promises';
import { heartbeatWorker } from '@sheaf/db/workers/heartbeat-worker';
import type { Settings } from '@sheaf/runtime/settings';
import { describe, expect, test } from 'vitest';
import { setupWorker } from '../../../../test/harness/worker.ts';

const dayMs = 24 * 60 * 60 * 1_000;

async function setup(settings: Partial<Settings> = {}) {
  const worker = await setupWorker({ settings });
  const asset = await worker.addAsset();
  const request = () => worker.request({ assetIds: [asset.assetId] });
  return { worker, request };
}

/** A worker with one ready download. */
async function setupReady(settings: Partial<Settings> = {}) {
  const { worker, request } = await setup(settings);
  const downloadId = await request();
  await worker.runJobs();
  expect((await worker.download(downloadId)).state).toBe('ready');
  return { worker, downloadId };
}

describe('sweep', () => {
  test('ends a ready download when its time is over: its archive is removed and the requester is told', async () => {
    const { worker, downloadId } = await setupReady({ DELIVERY: 'packed' });
    await worker.sweep();
    expect((await worker.download(downloadId)).state).toBe('ready');

    worker.advanceClock(7 * dayMs + 1);
    await worker.sweep();
    await worker.runJobs();

    expect((await worker.download(downloadId)).state).toBe('expired');
    expect(await worker.storedFiles('objects')).toEqual([]);
    expect(await worker.inboxEvents()).toEqual(['download.ready', 'download.expired']);
  });

  test('a download that is retried after it expired becomes ready again, and says so again', async () => {
    const { worker, downloadId } = await setupReady();
    worker.advanceClock(7 * dayMs + 1);
    await worker.sweep();
    await worker.runJobs();

    await worker.restart(downloadId);
    await worker.runJobs();

    expect((await worker.download(downloadId)).state).toBe('ready');
    expect((await worker.unpack(downloadId)).has('manifest.json')).toBe(true);
    await worker.sweep();
    expect(await worker.storedFiles('objects')).toHaveLength(1);
    expect(await worker.inboxEvents()).toEqual(['download.ready', 'download.expired', 'download.ready']);
  });

  test('removes the objects of a revoked download, once', async () => {
    const { worker, downloadId } = await setupReady();
    await worker.db.orm.execute(`update downloads set state = 'revoked' where id = '${downloadId}'`);

    await worker.sweep();

    expect(await worker.storedFiles('objects')).toEqual([]);
    const [row] = await worker.db.orm.execute('select objects_removed_at is not null as removed from downloads');
    expect(row).toEqual({ removed: true });
  });

  test('objects that cannot be removed keep no others from being removed, and are removed once they can be', async () => {
    const { worker, request } = await setup();
    const [stuck] = [await request(), await request()].sort() as [string, string];
    await worker.runJobs();
    await worker.db.orm.execute("update downloads set state = 'revoked'");
    const { objects } = worker.deps.storage;
    const removeFolder = objects.removeFolder;
    objects.removeFolder = async (folder) => {
      if (folder.includes(stuck)) throw new Error('it cannot be removed');
      await removeFolder(folder);
    };

    await worker.sweep();
    const left = await worker.storedFiles('objects');
    objects.removeFolder = removeFolder;
    await worker.sweep();

    expect(left).toEqual([expect.stringContaining(stuck)]);
    expect(await worker.storedFiles('objects')).toEqual([]);
  });

  test('removes temporary files that are older than a day, and no younger ones', async () => {
    const { worker } = await setup();
    const [young, old] = [await worker.storage.objects.create('a/1'), await worker.storage.objects.create('a/2')];
    const longAgo = new Date(Date.now() - 2 * dayMs);
    await utimes(old.temporaryPath!, longAgo, longAgo);

    await worker.sweep();

    expect(await worker.storedFiles('temporary')).toEqual([young.temporaryPath]);
    for (const writer of [young, old]) await writer.abort();
  });

  test('forgets decisive changes once no decision is old enough to be held against them', async () => {
    const { worker } = await setup();
    await worker.db.orm.execute(`
      insert into decisive_changes (transaction, at) values
        ('7', now() - interval '7 days 1 minute'), ('8', now() - interval '6 days 23 hours')`);

    await worker.sweep();

    const left = await worker.db.orm.execute(
      "select transaction from decisive_changes where transaction in ('7', '8')",
    );
    expect([...left]).toEqual([{ transaction: '8' }]);
  });

  test('forgets workers that fell silent, a day later', async () => {
    const { worker } = await setup();
    const facts = { host: 'host', pid: 1, version: '1', rssBytes: 1 };
    await heartbeatWorker(worker.db.orm, { id: 'dead', ...facts });
    await worker.db.orm.execute("update workers set heartbeat_at = now() - interval '25 hours'");
    await heartbeatWorker(worker.db.orm, { id: 'died today', ...facts });
    await worker.db.orm.execute("update workers set heartbeat_at = least(heartbeat_at, now() - interval '23 hours')");
    expect(await heartbeatWorker(worker.db.orm, { id: 'alive', ...facts })).toBe(1);

    await worker.sweep();

    const left = await worker.db.orm.execute('select id from workers order by heartbeat_at');
    expect(left.map(({ id }) => id)).toEqual(['died today', 'alive']);
  });

  test('a step that fails does not keep the others from their work', async () => {
    const { worker, request } = await setup();
    const downloadId = await request();
    await worker.takeJobs();
    worker.deps.storage.objects.sweepTemporary = async () => {
      throw new Error('the storage is away');
    };

    await expect(worker.sweep()).rejects.toThrow('1 steps of the sweep failed.');

    await worker.runJobs();
    expect((await worker.download(downloadId)).state).toBe('ready');
  });
});
