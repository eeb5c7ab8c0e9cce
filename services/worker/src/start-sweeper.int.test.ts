import { claimDownload } from '@sheaf/db/downloads/claim-download';
import { takeSweepTurn } from '@sheaf/db/workers/take-sweep-turn';
import { expect, onTestFinished, test, vi } from 'vitest';
import { setupWorker } from '../../../test/harness/worker.ts';
import { startSweeper } from './start-sweeper.ts';

test('what a lost worker had is found again though no queue ever asks for a sweep', async () => {
  const worker = await setupWorker({ policy: { sweepEvery: 20 } });
  const { assetId } = await worker.addAsset();
  const downloadId = await worker.request({ assetIds: [assetId] });
  await claimDownload(worker.db.orm, { downloadId, step: 'gather', workerId: 'lost', leaseSeconds: -1 });

  const sweeper = startSweeper(worker.deps);
  onTestFinished(() => sweeper.close());

  await vi.waitFor(async () => expect((await worker.download(downloadId)).state).toBe('queued'), { timeout: 10_000 });
});

test('a worker whose sweep hangs in the storage ends without waiting for it', async () => {
  const worker = await setupWorker({ policy: { sweepEvery: 20 } });
  const hung = Promise.withResolvers<void>();
  worker.deps.storage.objects.sweepTemporary = () => {
    hung.resolve();
    return new Promise(() => {});
  };
  const sweeper = startSweeper(worker.deps);
  await hung.promise;

  await sweeper.close();
});

test('the turn to sweep is taken by one, and by nobody while the last sweep was a moment ago', async () => {
  const { db } = await setupWorker();

  const first = await Promise.all([1, 2, 3].map(() => takeSweepTurn(db.orm, { silentMs: 60_000 })));

  expect(first.filter((taken) => taken)).toHaveLength(1);
  expect(await takeSweepTurn(db.orm, { silentMs: 60_000 })).toBe(false);
  expect(await takeSweepTurn(db.orm, { silentMs: 0 })).toBe(true);
});
