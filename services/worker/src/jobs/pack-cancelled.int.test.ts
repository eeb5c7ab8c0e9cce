import { cancelDownload } from '@sheaf/db/downloads/cancel-download';
import { lockDownload } from '@sheaf/db/downloads/lock-download';
import { AppError } from '@sheaf/domain/app-error';
import { describe, expect, test } from 'vitest';
import { interruptible, stuck } from '../../../../test/harness/interrupted-storage.ts';
import { takeOver } from '../../../../test/harness/take-over.ts';
import { setupWorker, type TestWorker } from '../../../../test/harness/worker.ts';

/** As the API does. */
async function cancel({ db }: TestWorker, downloadId: string) {
  await db.transaction(async (tx) => {
    const locked = await lockDownload(tx, { downloadId, requesterId: null });
    expect(await cancelDownload(tx, locked!, new Date())).toBe(true);
  });
}

/** Cancelled, with nothing left of it, and the requester told so once. */
async function expectCancelled(worker: TestWorker, downloadId: string) {
  expect(await worker.download(downloadId)).toMatchObject({
    state: 'cancelled',
    error: null,
    parts: [],
    defaultLink: null,
  });
  expect(await worker.storedFiles()).toEqual([]);
  const told = await worker.db.orm.execute('select event, channel from notifications');
  expect([...told]).toEqual([{ event: 'download.cancelled', channel: 'inbox' }]);
}

describe('pack, cancelled', () => {
  test('stops when the download is cancelled, leaves nothing behind and tells the requester', async () => {
    const { wrapStorage, reading } = stuck();
    const worker = await setupWorker({ wrapStorage, settings: { LEASE_SECONDS: 60 } });
    const { assetId } = await worker.addAsset();
    const downloadId = await worker.request({ assetIds: [assetId] });
    const packing = worker.runJobs('gather', 'pack');
    await reading;

    await cancel(worker, downloadId);
    const askedAt = performance.now();
    await packing;

    // However long its lease is.
    expect(performance.now() - askedAt).toBeLessThan(3_000);
    await expectCancelled(worker, downloadId);
  });

  test('a download that is cancelled when its archive is complete never becomes ready', async () => {
    let interrupt = async () => {};
    const worker = await setupWorker({
      wrapStorage: interruptible(() => interrupt()),
      settings: { LEASE_SECONDS: 60 },
    });
    const { assetId } = await worker.addAsset();
    const downloadId = await worker.request({ assetIds: [assetId] });
    interrupt = () => cancel(worker, downloadId);

    await worker.runJobs('gather', 'pack');

    await expectCancelled(worker, downloadId);
  });

  test('a run that fails after the download was cancelled ends it as cancelled, and says nothing of failure', async () => {
    let interrupt = async () => {};
    const worker = await setupWorker({ wrapStorage: interruptible(() => interrupt()), policy: { stepAttempts: 1 } });
    const { assetId } = await worker.addAsset();
    const downloadId = await worker.request({ assetIds: [assetId] });
    interrupt = async () => {
      await cancel(worker, downloadId);
      throw new AppError('storage.full', 'There is no space left in the storage.', { retryable: true });
    };

    await worker.runJobs('gather', 'pack');

    await expectCancelled(worker, downloadId);
  });

  test('a download that waits to be packed is cancelled at once, and its job then does nothing', async () => {
    const worker = await setupWorker();
    const { assetId } = await worker.addAsset();
    const downloadId = await worker.request({ assetIds: [assetId] });
    await worker.runJob((await worker.takeJobs())[0]!);
    expect((await worker.download(downloadId)).state).toBe('packing');

    await cancel(worker, downloadId);

    await expectCancelled(worker, downloadId);
    await worker.runJobs('pack');
    await expectCancelled(worker, downloadId);
  });

  test('a download whose worker was lost is cancelled at once', async () => {
    const worker = await setupWorker();
    const { assetId } = await worker.addAsset();
    const downloadId = await worker.request({ assetIds: [assetId] });
    await worker.runJob((await worker.takeJobs())[0]!);
    await takeOver(worker, downloadId);
    await worker.db.orm.execute("update downloads set lease_until = now() - interval '1 second'");

    await cancel(worker, downloadId);

    await expectCancelled(worker, downloadId);
  });
});
