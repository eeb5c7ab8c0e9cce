import { readFile, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { listAuditEvents } from '@sheaf/db/audit/list-audit-events';
import { readStorageCare } from '@sheaf/db/storage-care/read-storage-care';
import { expect, test } from 'vitest';
import { setupWorker, type WorkerSetup } from '../../../../test/harness/worker.ts';

async function setup(settings: WorkerSetup['settings'], policy: WorkerSetup['policy'] = {}) {
  const worker = await setupWorker({ settings, policy });
  return {
    ...worker,
    async recorded() {
      const events = await listAuditEvents(worker.db.orm, { filter: { action: 'blob.faulty' }, limit: 10 });
      const { faultsFound } = await readStorageCare(worker.db.orm);
      return { faultsFound, events: events.map(({ detail }) => detail) };
    },
  };
}

test('a file that gathering misses is audited and counted, once, however many downloads miss it', async () => {
  const worker = await setup({});
  const [lost, kept] = [await worker.addAsset(), await worker.addAsset()];
  const assetIds = [lost.assetId, kept.assetId];
  await worker.request({ assetIds });
  await worker.request({ assetIds });
  await worker.storage.blobs.remove(lost.blob.sha256);

  await worker.runJobs('gather', 'pack');

  expect(await worker.recorded()).toEqual({
    faultsFound: 1,
    events: [{ sha256: lost.blob.sha256, fault: 'missing', size: lost.blob.size }],
  });
});

test('so many missing files that the storage may be away are blamed only where it has others', async () => {
  const worker = await setup({}, { stepAttempts: 1 });
  const assets = await Promise.all(Array.from({ length: 24 }, () => worker.addAsset()));
  const [lost, others] = [assets.slice(0, 21), assets.slice(21)];
  for (const { blob } of assets) await worker.storage.blobs.remove(blob.sha256);
  const assetIds = [...lost, others[0]!].map(({ assetId }) => assetId);
  const first = await worker.request({ assetIds });

  await worker.runJobs('gather');

  expect(await worker.download(first)).toMatchObject({ state: 'failed', error: { code: 'storage.unavailable' } });
  expect((await worker.recorded()).faultsFound).toBe(0);

  for (const { bytes } of others) await worker.storage.blobs.put(Readable.from([bytes]));
  const second = await worker.request({ assetIds });
  await worker.runJobs('gather', 'pack');
  expect(await worker.download(second)).toMatchObject({ state: 'ready', included: 1, excluded: 21 });
  expect((await worker.recorded()).faultsFound).toBe(21);
});

test('a file that packing finds damaged is audited and counted', async () => {
  const worker = await setup({ DELIVERY: 'packed' });
  const [damaged, kept] = [await worker.addAsset(), await worker.addAsset()];
  await worker.request({ assetIds: [damaged.assetId, kept.assetId] });
  const file = worker.storage.blobs.path(damaged.blob.sha256)!;
  await writeFile(file, (await readFile(file)).reverse());

  await worker.runJobs('gather', 'pack');

  expect(await worker.recorded()).toEqual({
    faultsFound: 1,
    events: [{ sha256: damaged.blob.sha256, fault: 'corrupt', size: damaged.blob.size }],
  });
});
