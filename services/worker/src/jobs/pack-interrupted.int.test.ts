import { AppError } from '@sheaf/domain/app-error';
import { describe, expect, test } from 'vitest';
import { interruptible, stuck } from '../../../../test/harness/interrupted-storage.ts';
import { takeOver } from '../../../../test/harness/take-over.ts';
import { setupWorker } from '../../../../test/harness/worker.ts';

describe('pack, interrupted', () => {
  test('a claim that was taken over publishes nothing, and its archive is removed', async () => {
    let lose = async () => {};
    const worker = await setupWorker({ wrapStorage: interruptible(() => lose()) });
    const { assetId } = await worker.addAsset();
    const downloadId = await worker.request({ assetIds: [assetId] });
    lose = () => takeOver(worker, downloadId);

    await worker.runJobs('gather', 'pack');

    expect(await worker.download(downloadId)).toMatchObject({ state: 'packing', parts: [], defaultLink: null });
    expect(await worker.storedFiles()).toEqual([]);
  });

  test('what earlier claims stored is removed before the download is ready, so that nobody has to live on for that', async () => {
    const removed: string[] = [];
    let stateNow = async () => '';
    const worker = await setupWorker({
      wrapStorage: (storage) => ({
        ...storage,
        objects: {
          ...storage.objects,
          async removeFolder(folder) {
            removed.push(`${folder} while ${await stateNow()}`);
            return storage.objects.removeFolder(folder);
          },
        },
      }),
    });
    const { assetId } = await worker.addAsset();
    const downloadId = await worker.request({ assetIds: [assetId] });
    stateNow = async () => (await worker.download(downloadId)).state;

    await worker.runJobs('gather', 'pack');

    expect(await stateNow()).toBe('ready');
    expect(removed).toEqual([`bundles/${downloadId}/1 while packing`]);
  });

  test('a claim that was taken over stops packing', async () => {
    const { wrapStorage, reading } = stuck();
    const worker = await setupWorker({ wrapStorage, settings: { LEASE_SECONDS: 2 } });
    const { assetId } = await worker.addAsset();
    const downloadId = await worker.request({ assetIds: [assetId] });
    const packing = worker.runJobs('gather', 'pack');
    await reading;

    await takeOver(worker, downloadId);
    await packing;

    expect((await worker.download(downloadId)).state).toBe('packing');
    expect(await worker.storedFiles()).toEqual([]);
  });

  test('hands the download back unharmed when its worker has to stop', async () => {
    const { wrapStorage, reading } = stuck();
    const worker = await setupWorker({ wrapStorage });
    const { assetId } = await worker.addAsset();
    await worker.request({ assetIds: [assetId] });
    await worker.runJob((await worker.takeJobs())[0]!);
    const stopping = new AbortController();
    const packing = worker.runJob((await worker.takeJobs())[0]!, stopping.signal);
    await reading;

    stopping.abort(new AppError('service.unavailable', 'The worker is stopping.', { retryable: true }));
    await packing;

    const [row] = await worker.db.orm.execute('select state, lease_until, attempts, crashes from downloads');
    expect(row).toEqual({ state: 'packing', lease_until: null, attempts: 0, crashes: 0 });
    expect(await worker.storedFiles()).toEqual([]);
    expect((await worker.takeJobs()).map(({ job }) => job)).toEqual(['pack']);
  });

  test('counts a run that took too long as a failed one, and gives up after the attempts it has', async () => {
    const { wrapStorage, reading } = stuck();
    const worker = await setupWorker({ wrapStorage, policy: { stepAttempts: 1 } });
    const { assetId } = await worker.addAsset();
    const downloadId = await worker.request({ assetIds: [assetId] });
    await worker.runJob((await worker.takeJobs())[0]!);
    const timeout = new AbortController();
    const packing = worker.runJob((await worker.takeJobs())[0]!, timeout.signal);
    await reading;

    timeout.abort(new AppError('internal', 'The job ran longer than 5 ms.', { retryable: true }));
    await packing;

    expect(await worker.download(downloadId)).toMatchObject({ state: 'failed', error: { code: 'internal' } });
  });
});
