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
  test('a bundle keeps its stored files as long as one of its downloads has it, and an hour from when it was laid out', async () => {
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

  test('what is streamed is there for a day after its time is over, for whoever is being sent it', async () => {
    const { worker, request, bundles } = await setup();
    const downloadId = await request();
    await worker.runJobs();
    const bytes = await worker.readPart(downloadId);
    await worker.db.orm.execute("update bundles set used_at = now() - interval '7 days'");
    worker.advanceClock(7 * 24 * hourMs + 1);

    await worker.sweep();
    expect((await worker.download(downloadId)).state).toBe('expired');
    worker.advanceClock(23 * hourMs);
    await worker.sweep();
    expect(await worker.readPart(downloadId)).toEqual(bytes);

    worker.advanceClock(hourMs);
    await worker.sweep();
    expect(await worker.storedFiles('objects')).toEqual([]);
    expect(await bundles()).toBe(0);
  });

  test('what is streamed ends at once for whoever is being sent it when it is revoked', async () => {
    const { worker, request, revoke, bundles } = await setup();
    const downloadId = await request();
    await worker.runJobs();
    await worker.db.orm.execute("update bundles set used_at = now() - interval '7 days'");

    await revoke(downloadId);
    await worker.sweep();

    expect(await worker.storedFiles('objects')).toEqual([]);
    expect(await bundles()).toBe(0);
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
