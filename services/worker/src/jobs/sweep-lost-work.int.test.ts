import { claimDownload } from '@sheaf/db/downloads/claim-download';
import { forgiveCrash } from '@sheaf/db/downloads/forgive-crash';
import { describe, expect, test } from 'vitest';
import { setupWorker, type TestWorker } from '../../../../test/harness/worker.ts';

async function setup() {
  const worker = await setupWorker();
  const asset = await worker.addAsset();
  return { worker, request: () => worker.request({ assetIds: [asset.assetId] }) };
}

/** A worker claims the download, and is never heard of again. */
async function crashWith({ db }: TestWorker, downloadId: string, step: 'gather' | 'pack') {
  const claim = await claimDownload(db.orm, { downloadId, step, workerId: 'lost', leaseSeconds: 60 });
  expect(claim).not.toBeNull();
  await db.orm.execute("update downloads set lease_until = now() - interval '1 second'");
}

describe('the sweep of lost work', () => {
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
    expect(await worker.inboxEvents()).toEqual(['download.failed']);
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

  test('finds a notification whose job the queue has lost', async () => {
    const { worker, request } = await setup();
    await request();
    await worker.runJobs('gather', 'pack');
    expect(await worker.inboxEvents()).toEqual([]);

    await worker.sweep();
    await worker.runJobs();

    expect(await worker.inboxEvents()).toEqual(['download.ready']);
  });
});
