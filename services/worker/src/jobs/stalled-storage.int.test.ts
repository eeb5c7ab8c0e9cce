import { AppError } from '@sheaf/domain/app-error';
import type { ArchiveFormat } from '@sheaf/domain/download-request';
import type { Storage } from '@sheaf/storage/file-storage';
import { describe, expect, test } from 'vitest';
import { disturbedStorage } from '../../../../test/harness/disturbed-storage.ts';
import { interruptible, stuck } from '../../../../test/harness/interrupted-storage.ts';
import { setupWorker } from '../../../../test/harness/worker.ts';

const settings = { STORAGE_STALL_SECONDS: 1, DELIVERY: 'packed' } as const;

/** A storage whose blobs stall after a few bytes, until they are told to go on. */
function stalling() {
  let stalls = true;
  return {
    wrapStorage: (storage: Storage) => disturbedStorage(storage, () => (stalls ? { kind: 'stalls', at: 10 } : null)),
    recover() {
      stalls = false;
    },
  };
}

describe('a storage that stalls', () => {
  test.each<ArchiveFormat>(['zip', 'tar'])(
    'fails packing a %s with its code after as many runs as others',
    async (format) => {
      const { wrapStorage } = stalling();
      const worker = await setupWorker({ wrapStorage, settings, policy: { stepAttempts: 2 } });
      const { assetId } = await worker.addAsset();
      const downloadId = await worker.request({ assetIds: [assetId], format });
      await worker.runJobs('gather', 'pack');

      expect(await worker.download(downloadId)).toMatchObject({
        state: 'failed',
        error: { code: 'storage.unavailable' },
      });
      const [row] = await worker.db.orm.execute('select lease_until, crashes from downloads');
      expect(row).toEqual({ lease_until: null, crashes: 0 });
      expect(await worker.storedFiles()).toEqual([]);
    },
  );

  test('and comes back gives the archive that it would have given', async () => {
    const { wrapStorage, recover } = stalling();
    const worker = await setupWorker({ wrapStorage, settings, policy: { stepAttempts: 8 } });
    const { assetId, fileName, bytes } = await worker.addAsset();
    const downloadId = await worker.request({ assetIds: [assetId] });
    await worker.runJob((await worker.takeJobs())[0]!);
    await worker.runJob((await worker.takeJobs())[0]!);
    expect((await worker.download(downloadId)).state).toBe('packing');

    recover();
    await worker.runJobs('pack');
    expect((await worker.unpack(downloadId)).get(fileName)?.equals(bytes)).toBe(true);
  });

  test('while it is asked which files there are fails gathering in the same way', async () => {
    const worker = await setupWorker({
      settings,
      policy: { stepAttempts: 1 },
      wrapStorage: (storage) => ({
        ...storage,
        blobs: { ...storage.blobs, stat: () => new Promise(() => {}) },
      }),
    });
    const { assetId } = await worker.addAsset();
    const downloadId = await worker.request({ assetIds: [assetId] });
    await worker.runJobs('gather');
    expect(await worker.download(downloadId)).toMatchObject({
      state: 'failed',
      error: { code: 'storage.unavailable' },
    });
  });

  test('and cannot tidy up either is not waited for', async () => {
    const { wrapStorage } = stuck();
    const worker = await setupWorker({
      settings,
      policy: { stepAttempts: 1 },
      wrapStorage: (storage) => {
        const { objects, ...rest } = wrapStorage(storage);
        return {
          ...rest,
          objects: {
            ...objects,
            create: async (...args) => ({
              ...(await objects.create(...args)),
              abort: () => new Promise(() => {}),
            }),
            removeFolder: () => new Promise(() => {}),
          },
        };
      },
    });
    const { assetId } = await worker.addAsset();
    const downloadId = await worker.request({ assetIds: [assetId] });
    await worker.runJobs('gather', 'pack');
    expect(await worker.download(downloadId)).toMatchObject({
      state: 'failed',
      error: { code: 'storage.unavailable' },
    });
  });

  test('for good while it publishes holds no lease once the job has run too long', async () => {
    const worker = await setupWorker({
      settings,
      policy: { stepAttempts: 1 },
      wrapStorage: interruptible(() => {
        timeout.abort(new AppError('internal', 'The job ran longer than 5 ms.', { retryable: true }));
        return new Promise(() => {});
      }),
    });
    const timeout = new AbortController();
    const { assetId } = await worker.addAsset();
    const downloadId = await worker.request({ assetIds: [assetId] });
    await worker.runJob((await worker.takeJobs())[0]!);
    await worker.runJob((await worker.takeJobs())[0]!, timeout.signal);
    expect(await worker.download(downloadId)).toMatchObject({ state: 'failed', error: { code: 'internal' } });
    const [row] = await worker.db.orm.execute('select lease_until from downloads');
    expect(row).toEqual({ lease_until: null });
  });
});
