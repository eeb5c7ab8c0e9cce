import { AppError } from '@sheaf/domain/app-error';
import { describe, expect, test } from 'vitest';
import { setupWorker } from '../../../../test/harness/worker.ts';

const hourMs = 60 * 60 * 1_000;

/** Downloads of one asset to ask for. */
async function setup() {
  const worker = await setupWorker();
  const asset = await worker.addAsset();
  return {
    worker,
    asset,
    request: () => worker.request({ assetIds: [asset.assetId] }),
    revoke: (downloadId: string) =>
      worker.db.orm.execute(`update downloads set state = 'revoked' where id = '${downloadId}'`),
    /** How many there are. */
    bundles: async () => (await worker.db.orm.execute('select from bundles')).length,
  };
}

describe('sweep', () => {
  test('a bundle keeps its stored files until an hour after the last of its downloads has ended', async () => {
    const { worker, request, asset, revoke, bundles } = await setup();
    const [first, second] = [await request(), await request()];
    await worker.runJobs();
    // The blob's row, which whoever wants to remove its file has to delete first.
    const whatPins = () =>
      worker.db.orm.execute(`delete from blobs where sha256 = '${asset.blob.sha256}'`).then(
        () => null,
        (error) => error.cause.constraint_name as string,
      );

    await revoke(first);
    worker.advanceClock(2 * hourMs);
    await worker.sweep();
    expect([await bundles(), await whatPins()]).toEqual([1, 'bundled_blob']);
    expect((await worker.unpack(second)).get(asset.fileName)).toEqual(asset.bytes);

    worker.advanceClock(-2 * hourMs);
    await revoke(second);
    await worker.sweep();
    expect(await worker.storedFiles('objects')).toEqual([]);
    expect([await bundles(), await whatPins()]).toEqual([1, 'bundled_blob']);

    worker.advanceClock(hourMs + 1_000);
    await worker.sweep();
    expect(await bundles()).toBe(0);
    expect(await whatPins()).not.toBe('bundled_blob');
  });

  test('a bundle that another download has just laid out again is kept for another hour', async () => {
    const { worker, request, revoke, bundles } = await setup();
    const downloadId = await request();
    await worker.runJobs();
    await revoke(downloadId);
    await worker.db.orm.execute("update bundles set used_at = now() - interval '2 hours'");
    await request();
    // It gets no further than that.
    worker.deps.storage.objects.create = async () => {
      throw new AppError('storage.full', 'There is no space left in the storage.', { retryable: true });
    };
    await worker.runJobs('gather', 'pack');

    await worker.sweep();

    expect(await bundles()).toBe(1);
  });
});
