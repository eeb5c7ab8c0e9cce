import { claimDownload } from '@sheaf/db/downloads/claim-download';
import { expect, test, vi } from 'vitest';
import { setupWorker } from '../../../test/harness/worker.ts';

test('a removal that hangs holds no other step, nor a later sweep, and is not begun a second time', async () => {
  const worker = await setupWorker({ settings: { STORAGE_STALL_SECONDS: 1 } });
  const { assetId } = await worker.addAsset();
  await worker.request({ assetIds: [assetId] });
  await worker.runJobs();
  await worker.db.orm.execute("update downloads set state = 'revoked'");
  const downloadId = await worker.request({ assetIds: [assetId] });
  await worker.takeJobs();
  const { objects } = worker.deps.storage;
  const removeFolder = objects.removeFolder;
  const { promise: answer, resolve } = Promise.withResolvers<void>();
  const removals: string[] = [];
  objects.removeFolder = async (folder) => {
    removals.push(folder);
    await answer;
    await removeFolder(folder);
  };
  const askedFor = [{ job: 'gather', payload: { downloadId } }];

  await expect(worker.sweep()).rejects.toThrow('1 steps of the sweep failed.');
  expect(await worker.takeJobs()).toMatchObject(askedFor);
  await claimDownload(worker.db.orm, { downloadId, step: 'gather', workerId: 'lost', leaseSeconds: -1 });
  await worker.sweep();
  expect(await worker.takeJobs()).toMatchObject(askedFor);
  expect(removals).toHaveLength(1);
  expect(await worker.storedFiles('objects')).toHaveLength(1);

  resolve();
  await vi.waitFor(async () => expect(await worker.storedFiles('objects')).toEqual([]));
});
