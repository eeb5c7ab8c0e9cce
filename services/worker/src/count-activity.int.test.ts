import { tmpdir } from 'node:os';
import { writeRetention } from '@sheaf/db/retention/write-retention';
import { readMeasures } from '@sheaf/db/rollups/read-measures';
import { findStorageFacts } from '@sheaf/db/storage/find-storage-facts';
import { expect, test } from 'vitest';
import { setupWorker } from '../../../test/harness/worker.ts';

const hourMs = 3_600_000;

test('the sweep counts what happened, samples what waits, and measures what is stored', async () => {
  const worker = await setupWorker({ settings: { DATA_DIR: tmpdir() } });
  const { assetId, bytes } = await worker.addAsset();
  const ready = await worker.request({ assetIds: [assetId] });
  await worker.runJobs();
  expect((await worker.download(ready)).state).toBe('ready');
  await worker.request({ assetIds: [assetId] });
  await worker.sweep();

  const rows = await readMeasures(worker.db.orm, {
    resolution: 'minute',
    measures: ['requested', 'ready', 'depth', 'depth:gather'],
    from: new Date(Date.now() - hourMs),
  });
  const total = (measure: string) =>
    rows.filter((row) => row.measure === measure).reduce((sum, { value }) => sum + value, 0);
  expect(['requested', 'ready', 'depth', 'depth:gather'].map(total)).toEqual([2, 1, 1, 1]);
  const storage = await findStorageFacts(worker.db.orm);
  expect(storage?.facts.originals).toEqual({ files: 1, bytes: bytes.length });
  expect(storage?.facts.disk?.freeBytes).toBeGreaterThan(0);
});

test('what retention says of bundles holds for those that are published from then on', async () => {
  const worker = await setupWorker();
  const retention = { bundleHours: 5, keptMailDays: null, inboxDays: null };
  await worker.db.transaction((tx) =>
    writeRetention(tx, { retention, reason: 'r', changedBy: worker.requester.id, changedAt: new Date() }),
  );
  const { assetId } = await worker.addAsset();
  const downloadId = await worker.request({ assetIds: [assetId] });
  await worker.runJobs();
  const { readyAt, expiresAt } = await worker.download(downloadId);
  expect(Math.abs(expiresAt!.getTime() - readyAt!.getTime() - 5 * hourMs)).toBeLessThan(hourMs / 60);
});

test('the sweep removes messages that are older than retention says, and keeps them where it says nothing', async () => {
  const worker = await setupWorker();
  const { assetId } = await worker.addAsset();
  await worker.request({ assetIds: [assetId], notify: { email: true, to: [] } });
  await worker.runJobs();
  const messages = async () => {
    const [row] = await worker.db.orm.execute(
      'select (select count(*)::int from kept_mails) as mails, (select count(*)::int from inbox_items) as entries',
    );
    return [row!.mails, row!.entries];
  };
  expect(await messages()).toEqual([1, 1]);
  worker.advanceClock(3 * 24 * hourMs);
  await worker.sweep();
  expect(await messages()).toEqual([1, 1]);
  const retention = { bundleHours: null, keptMailDays: 2, inboxDays: 4 };
  await worker.db.transaction((tx) =>
    writeRetention(tx, { retention, reason: 'r', changedBy: worker.requester.id, changedAt: new Date() }),
  );
  worker.advanceClock(hourMs);
  await worker.sweep();
  expect(await messages()).toEqual([0, 1]);
});
