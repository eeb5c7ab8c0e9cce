import { randomBytes } from 'node:crypto';
import { truncate } from 'node:fs/promises';
import type { ArchiveFormat } from '@sheaf/domain/download-request';
import { parseReceipt } from '@sheaf/evidence/receipt';
import { describe, expect, test } from 'vitest';
import { setupWorker, type TestWorker, type WorkerSetup } from '../../../../test/harness/worker.ts';

/** Packs a ready download once more, as the setting says by then. */
async function packAgain(worker: TestWorker, downloadId: string, delivery: 'streamed' | 'packed') {
  Object.assign(worker.deps.settings, { DELIVERY: delivery });
  await worker.db.orm.execute(`update downloads set state = 'packing' where id = '${downloadId}'`);
  await worker.runJob({ job: 'pack', payload: { downloadId, epoch: 0 } });
}

async function readParts(worker: TestWorker, downloadId: string) {
  const { parts } = await worker.download(downloadId);
  return Promise.all(
    parts.map(async ({ number, size, etag }) => ({ size, etag, bytes: await worker.readPart(downloadId, number) })),
  );
}

async function bundlesOf({ db }: TestWorker) {
  const rows = await db.orm.execute<{ id: string; content_size: string }>('select id, content_size from bundles');
  return rows.map(({ id, content_size }) => ({ id, contentSize: Number(content_size) }));
}

const setupFor = (settings: WorkerSetup['settings']) => setupWorker({ settings });

describe('pack, by the way of delivery', () => {
  test('what is streamed and what is packed of one download have the same bytes, size and ETag in every part', async () => {
    const worker = await setupFor({ DELIVERY: 'streamed' });
    const { licenceId, sha256 } = await worker.addLicence('Presse: außen', randomBytes(3_000));
    const assets = [
      // Larger than any one read.
      await worker.addAsset({ bytes: randomBytes(2_500_000), fileName: 'groß.bin', licenceId }),
      await worker.addAsset({ bytes: Buffer.alloc(0), fileName: '空.txt' }),
      await worker.addAsset({ bytes: randomBytes(1_200_000), fileName: 'Straße 🚢.bin', title: 'صورة' }),
      await worker.addAsset({ bytes: randomBytes(600_000), fileName: 'e\u0301te\u0301.bin' }),
    ];
    const downloadId = await worker.request({
      assetIds: assets.map(({ assetId }) => assetId),
      acceptLicences: [{ licenceId, sha256 }],
      layout: 'folder-per-asset',
      partSize: 2_600_000,
    });
    await worker.runJobs('gather', 'pack');
    const streamed = await readParts(worker, downloadId);
    expect((await worker.download(downloadId)).parts).toMatchObject([
      { delivery: 'streamed' },
      { delivery: 'streamed' },
    ]);

    await packAgain(worker, downloadId, 'packed');

    const packed = await readParts(worker, downloadId);
    expect((await worker.download(downloadId)).parts).toMatchObject([{ delivery: 'packed' }, { delivery: 'packed' }]);
    for (const [index, part] of packed.entries()) {
      expect(part.etag).toBe(streamed[index]!.etag);
      expect(part.size).toBe(streamed[index]!.size);
      expect(part.bytes).toHaveLength(part.size);
      expect(part.bytes.equals(streamed[index]!.bytes)).toBe(true);
    }
    const unpacked = [...(await worker.unpack(downloadId, 1)), ...(await worker.unpack(downloadId, 2))];
    for (const { bytes } of assets) expect(unpacked.some(([, content]) => content.equals(bytes))).toBe(true);
  });

  test('who asks for the same files, in whatever order, shares their bundle, and has a receipt of their own', async () => {
    const worker = await setupFor({ DELIVERY: 'auto' });
    const assets = [await worker.addAsset({ fileName: 'b.bin' }), await worker.addAsset({ fileName: 'a.bin' })];
    const assetIds = assets.map(({ assetId }) => assetId);
    const other = await worker.addUser('other@example.com');
    const first = await worker.request({ assetIds });
    const second = await worker.requestAs(other, { assetIds: assetIds.toReversed() });

    await worker.runJobs('gather', 'pack');

    const [bundle, ...more] = await bundlesOf(worker);
    expect(more).toEqual([]);
    const [mine, theirs] = [await worker.readPart(first), await worker.readPart(second)];
    const { contentSize } = bundle!;
    expect(mine.subarray(0, contentSize).equals(theirs.subarray(0, contentSize))).toBe(true);
    expect(mine.subarray(contentSize).equals(theirs.subarray(contentSize))).toBe(false);
    const requesters = await Promise.all(
      [first, second].map(
        async (id) => parseReceipt((await worker.unpack(id)).get('receipt.json')!)!.requestedBy.email,
      ),
    );
    expect(requesters).toEqual(['requester@example.com', 'other@example.com']);
    expect(await worker.storedFiles('objects')).toHaveLength(2);
    const etags = await Promise.all([first, second].map(async (id) => (await worker.download(id)).parts[0]!.etag));
    expect(etags[0]).not.toBe(etags[1]);
  });

  test.each<[ArchiveFormat, 'store' | 'deflate']>([
    ['tar', 'store'],
    ['tar.gz', 'store'],
    ['zip', 'deflate'],
  ])('a %s (%s) is packed, also where archives are to be streamed', async (format, compression) => {
    const worker = await setupFor({ DELIVERY: 'streamed' });
    const { assetId } = await worker.addAsset({ bytes: Buffer.from('notes '.repeat(1_000)), fileName: 'notes.txt' });
    const downloadId = await worker.request({ assetIds: [assetId], format, compression });

    await worker.runJobs('gather', 'pack');

    const { state, parts } = await worker.download(downloadId);
    expect(state).toBe('ready');
    expect(parts).toMatchObject([{ number: 1, delivery: 'packed' }]);
    expect(await worker.readPart(downloadId)).toHaveLength(parts[0]!.size);
    expect(await bundlesOf(worker)).toEqual([]);
  });

  describe.each(['streamed', 'packed'] as const)('%s', (DELIVERY) => {
    test('leaves out what was removed or has another size since the request, with its reason, under `skip`', async () => {
      const worker = await setupFor({ DELIVERY });
      const [lost, cut, kept] = [await worker.addAsset(), await worker.addAsset(), await worker.addAsset()];
      const downloadId = await worker.request({ assetIds: [lost, cut, kept].map(({ assetId }) => assetId) });
      await worker.storage.blobs.remove(lost.blob.sha256);
      await truncate(worker.storage.blobs.path(cut.blob.sha256)!, 10);

      await worker.runJobs('gather', 'pack');

      const outcomes = await worker.outcomes(downloadId);
      expect(outcomes.map(({ reason }) => reason)).toEqual(['blob.missing', 'blob.corrupt', null]);
      expect([...(await worker.unpack(downloadId)).keys()]).toEqual([
        kept.fileName,
        'manifest.json',
        'receipt.json',
        'signature.json',
      ]);
    });

    test('refuses the whole when a file was removed since the request, under `fail`', async () => {
      const worker = await setupFor({ DELIVERY });
      const [lost, kept] = [await worker.addAsset(), await worker.addAsset()];
      const assetIds = [lost.assetId, kept.assetId];
      const downloadId = await worker.request({ assetIds, unavailable: 'fail' });
      await worker.storage.blobs.remove(lost.blob.sha256);

      await worker.runJobs('gather', 'pack');

      expect(await worker.download(downloadId)).toMatchObject({
        state: 'failed',
        error: { code: 'download.assets_refused' },
      });
      expect(await worker.storedFiles()).toEqual([]);
      expect(await bundlesOf(worker)).toEqual([]);
    });
  });
});
