import { utimes } from 'node:fs/promises';
import { claimDownload } from '@sheaf/db/downloads/claim-download';
import { forgiveCrash } from '@sheaf/db/downloads/forgive-crash';
import { heartbeatWorker } from '@sheaf/db/workers/heartbeat-worker';
import type { Settings } from '@sheaf/runtime/settings';
import { describe, expect, test } from 'vitest';
import { setupWorker, type TestWorker } from '../../../../test/harness/worker.ts';

const dayMs = 24 * 60 * 60 * 1_000;

/** A worker with one ready download. */
async function setup(settings: Partial<Settings> = {}) {
  const worker = await setupWorker({ settings });
  const asset = await worker.addAsset();
  const request = () => worker.request({ assetIds: [asset.assetId] });
  return { worker, request, asset };
}

async function setupReady(settings: Partial<Settings> = {}) {
  const { worker, request } = await setup(settings);
  const downloadId = await request();
  await worker.runJobs();
  expect((await worker.download(downloadId)).state).toBe('ready');
  return { worker, downloadId };
}

/** A worker claims the download, and is never heard of again. */
async function crashWith({ db }: TestWorker, downloadId: string, step: 'gather' | 'pack') {
  const claim = await claimDownload(db.orm, { downloadId, step, workerId: 'lost', leaseSeconds: 60 });
  expect(claim).not.toBeNull();
  await db.orm.execute("update downloads set lease_until = now() - interval '1 second'");
}

async function inboxEvents({ db }: TestWorker) {
  return [...(await db.orm.execute<{ event: string }>('select event from inbox_items order by id'))].map(
    (r) => r.event,
  );
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
    expect(await inboxEvents(worker)).toEqual(['download.ready', 'download.expired']);
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
    expect(await inboxEvents(worker)).toEqual(['download.ready', 'download.expired', 'download.ready']);
  });

  test('finds a download whose job the queue has lost', async () => {
    const { worker, request } = await setup();
    const downloadId = await request();
    await worker.takeJobs();
    expect((await worker.download(downloadId)).state).toBe('queued');

    await worker.sweep();
    await worker.runJobs();

    expect((await worker.download(downloadId)).state).toBe('ready');
  });

  test('asks again for a download that a lost worker had before those that wait for their first turn', async () => {
    const { worker, request } = await setup();
    const downloadId = await request();
    await crashWith(worker, downloadId, 'gather');
    await worker.sweep();
    await worker.takeJobs();
    const other = await request();
    await worker.takeJobs();

    await worker.sweep();

    const jobs = (await worker.takeJobs()).map(({ payload, priority }) => [payload.downloadId, priority]);
    expect(jobs).toEqual([
      [downloadId, 1],
      [other, 5],
    ]);
  });

  test('asks for nothing twice while the first asking is still in the outbox', async () => {
    const { worker, request } = await setup();
    await request();

    await worker.sweep();
    await worker.sweep();

    expect(await worker.takeJobs()).toHaveLength(1);
  });

  test.each(['gather', 'pack'] as const)('takes a download up again whose worker was lost in its %s', async (step) => {
    const { worker, request } = await setup();
    const downloadId = await request();
    const [gatherJob] = await worker.takeJobs();
    if (step === 'pack') {
      await worker.runJob(gatherJob!);
      await worker.takeJobs();
    }
    await crashWith(worker, downloadId, step);

    await worker.sweep();
    await worker.runJobs();

    expect((await worker.download(downloadId)).state).toBe('ready');
  });

  test('leaves a download alone whose worker is alive', async () => {
    const { worker, request } = await setup();
    const downloadId = await request();
    await worker.takeJobs();
    await claimDownload(worker.db.orm, { downloadId, step: 'gather', workerId: 'alive', leaseSeconds: 60 });

    await worker.sweep();

    expect(await worker.takeJobs()).toEqual([]);
    const [row] = await worker.db.orm.execute('select worker_id, crashes from downloads');
    expect(row).toEqual({ worker_id: 'alive', crashes: 0 });
  });

  test('gives a download up that lost three workers, with download.worker_lost', async () => {
    const { worker, request } = await setup();
    const downloadId = await request();
    for (let crash = 1; crash <= 3; crash += 1) {
      expect((await worker.download(downloadId)).state).not.toBe('failed');
      await worker.takeJobs();
      await crashWith(worker, downloadId, 'gather');
      await worker.sweep();
    }
    await worker.runJobs();

    expect(await worker.download(downloadId)).toMatchObject({
      state: 'failed',
      error: { code: 'download.worker_lost' },
    });
    expect(await inboxEvents(worker)).toEqual(['download.failed']);
  });

  test('counts no crash of a worker that says later that it is alive, nor one while the database itself was started', async () => {
    const { worker, request } = await setup();
    const downloadId = await request();
    const facts = async () => {
      const [row] = await worker.db.orm.execute<{ epoch: number; crashes: number }>(
        'select epoch, crashes from downloads',
      );
      return row!;
    };
    await crashWith(worker, downloadId, 'gather');
    const { epoch } = await facts();
    await worker.sweep();
    expect(await facts()).toEqual({ epoch: epoch + 1, crashes: 1 });
    await forgiveCrash(worker.db.orm, { downloadId, epoch });
    expect(await facts()).toEqual({ epoch: epoch + 1, crashes: 0 });
    await forgiveCrash(worker.db.orm, { downloadId, epoch });
    expect((await facts()).crashes).toBe(0);

    await crashWith(worker, downloadId, 'gather');
    await worker.db.orm.execute("update downloads set step_started_at = '2020-01-01'");
    await worker.sweep();
    expect((await facts()).crashes).toBe(0);
  });

  test('takes back the crash of that very claim, and none where the start of the database kept it from being counted', async () => {
    const { worker, request } = await setup();
    const downloadId = await request();
    const epochs: number[] = [];
    const crash = async () => {
      const [row] = await worker.db.orm.execute<{ epoch: number }>('select epoch from downloads');
      epochs.push(row!.epoch + 1);
      await crashWith(worker, downloadId, 'gather');
    };
    const forgive = async (epoch: number | undefined) => {
      await forgiveCrash(worker.db.orm, { downloadId, epoch: epoch! });
      const [row] = await worker.db.orm.execute<{ crashes: number }>('select crashes from downloads');
      return row!.crashes;
    };
    await crash();
    await worker.sweep();
    await crash();
    await worker.db.orm.execute("update downloads set step_started_at = '2020-01-01'");
    // The next claim takes it over, and is the second that is counted.
    await crash();
    await worker.sweep();

    expect(await forgive(epochs[1])).toBe(2);
    expect(await forgive(epochs[0])).toBe(1);
    expect(await forgive(epochs[0])).toBe(1);
    expect(await forgive(epochs[2])).toBe(0);
  });

  test('a worker that takes over a crashed download counts the crash, and leaves the third to the sweep', async () => {
    const { worker, request } = await setup();
    const downloadId = await request();
    await worker.takeJobs();
    await crashWith(worker, downloadId, 'gather');
    await crashWith(worker, downloadId, 'gather');
    await crashWith(worker, downloadId, 'gather');

    const options = { downloadId, step: 'gather', workerId: 'careful', leaseSeconds: 60 } as const;
    expect(await claimDownload(worker.db.orm, options)).toBeNull();
    await worker.sweep();

    expect((await worker.download(downloadId)).state).toBe('failed');
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

  test('finds a notification whose job the queue has lost', async () => {
    const { worker, request } = await setup();
    await request();
    await worker.runJobs('gather', 'pack');
    expect(await inboxEvents(worker)).toEqual([]);

    await worker.sweep();
    await worker.runJobs();

    expect(await inboxEvents(worker)).toEqual(['download.ready']);
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
