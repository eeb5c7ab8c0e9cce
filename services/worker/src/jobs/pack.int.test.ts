import { randomBytes } from 'node:crypto';
import { readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listDownloadItems } from '@sheaf/db/downloads/list-download-items';
import { describe, expect, test, vi } from 'vitest';
import { interruptible } from '../../../../test/harness/interrupted-storage.ts';
import { setupWorker, type TestWorker } from '../../../../test/harness/worker.ts';

const packed = { settings: { DELIVERY: 'packed' } } as const;

async function damage({ storageFolder }: TestWorker, sha256: string) {
  const path = join(storageFolder, 'blobs', sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  const bytes = await readFile(path);
  bytes[0]! ^= 0xff;
  await writeFile(path, bytes);
}

describe('pack', () => {
  test('publishes an archive of the originals with a manifest of the outcomes and the accepted terms', async () => {
    const worker = await setupWorker();
    const terms = randomBytes(300);
    const { licenceId, sha256 } = await worker.addLicence('Press: use / 2026', terms);
    const licensed = await worker.addAsset({ licenceId, fileName: 'boat.jpg', title: 'Boat' });
    const free = await worker.addAsset({ fileName: 'BOAT.jpg', title: 'Other boat' });
    const refused = await worker.addAsset({ title: 'Old', expiresAt: new Date('2020-01-01') });
    const downloadId = await worker.request({
      assetIds: [licensed.assetId, free.assetId, refused.assetId],
      acceptLicences: [{ licenceId, sha256 }],
    });

    await worker.runJobs('gather', 'pack');

    const download = await worker.download(downloadId);
    expect(download).toMatchObject({ state: 'ready', entriesDone: 2, bytesDone: 2_000, included: 2, excluded: 1 });
    const files = await worker.unpack(downloadId);
    expect([...files.keys()]).toEqual([
      'BOAT (2).jpg',
      'boat.jpg',
      'manifest.json',
      'licences/Press_ use _ 2026.pdf',
      'receipt.json',
      'signature.json',
    ]);
    expect(files.get('boat.jpg')).toEqual(licensed.bytes);
    expect(files.get('BOAT (2).jpg')).toEqual(free.bytes);
    expect(files.get('licences/Press_ use _ 2026.pdf')).toEqual(terms);
    const entry = (path: string, { blob }: typeof free) => ({
      path,
      kind: 'original',
      name: 'original',
      size: 1_000,
      sha256: blob.sha256,
      modifiedAt: '2026-01-02T03:04:06.000Z',
    });
    expect(JSON.parse(String(files.get('manifest.json')))).toEqual({
      version: 1,
      downloadId,
      name: 'Spring campaign',
      requestedBy: { name: 'requester', email: 'requester@example.com' },
      createdAt: download.createdAt.toISOString(),
      outcomes: [
        {
          assetId: licensed.assetId,
          title: 'Boat',
          outcome: 'included',
          reason: null,
          entries: [entry('boat.jpg', licensed)],
          renamed: false,
          part: 1,
        },
        {
          assetId: free.assetId,
          title: 'Other boat',
          outcome: 'included',
          reason: null,
          entries: [entry('BOAT (2).jpg', free)],
          renamed: true,
          part: 1,
        },
        {
          assetId: refused.assetId,
          title: '',
          outcome: 'excluded',
          reason: 'asset.not_found',
          entries: [],
          renamed: false,
          part: null,
        },
      ],
    });
  });

  test('records size and ETag of the stored archive, and a link that ends with the download', async () => {
    const worker = await setupWorker(packed);
    const { assetId } = await worker.addAsset();
    const downloadId = await worker.request({ assetIds: [assetId], name: 'Spring/campaign' });

    await worker.runJobs('gather', 'pack');

    const { parts, defaultLink, expiresAt } = await worker.download(downloadId);
    const [file] = await worker.storedFiles('objects');
    const { size } = await stat(file!);
    const etag = expect.stringMatching(/^"[\w-]{43}"$/);
    expect(parts).toEqual([{ number: 1, delivery: 'packed', size, etag, fault: null }]);
    expect(defaultLink).toMatchObject({ expiresAt, revokedAt: null });
    expect(worker.deps.sealers.link.open(defaultLink!.sealedToken)).toMatch(/^[\w-]{43}$/);
  });

  test('keeps every part within the size asked for, with the manifest and the terms in each', async () => {
    const worker = await setupWorker();
    const { licenceId, sha256 } = await worker.addLicence('Press', randomBytes(2_000));
    const assets = [];
    for (let i = 0; i < 3; i += 1) assets.push(await worker.addAsset({ bytes: randomBytes(8_000), licenceId }));
    const downloadId = await worker.request({
      assetIds: assets.map(({ assetId }) => assetId),
      acceptLicences: [{ licenceId, sha256 }],
      partSize: 20_000,
    });

    await worker.runJobs('gather', 'pack');

    const { state, parts } = await worker.download(downloadId);
    expect(state).toBe('ready');
    expect(parts.map(({ number }) => number)).toEqual([1, 2, 3]);
    for (const { number, size } of parts) {
      expect(size).toBeLessThanOrEqual(20_000);
      const files = await worker.unpack(downloadId, number);
      expect([...files.keys()]).toEqual([
        assets[number - 1]!.fileName,
        'manifest.json',
        'licences/Press.pdf',
        'receipt.json',
        'signature.json',
      ]);
      expect(JSON.parse(String(files.get('manifest.json'))).outcomes).toHaveLength(3);
    }
  });

  test('leaves out a file that turns out damaged while it is packed, with blob.corrupt, under `skip`', async () => {
    const worker = await setupWorker(packed);
    const [damaged, kept] = [await worker.addAsset(), await worker.addAsset()];
    const downloadId = await worker.request({ assetIds: [damaged.assetId, kept.assetId] });
    await worker.runJob((await worker.takeJobs())[0]!);
    await damage(worker, damaged.blob.sha256);

    await worker.runJobs('gather', 'pack');

    const items = await listDownloadItems(worker.db.orm, { downloadId, limit: 10 });
    expect(items.map(({ reason }) => reason)).toEqual(['blob.corrupt', null]);
    expect((await worker.download(downloadId)).state).toBe('ready');
    expect([...(await worker.unpack(downloadId)).keys()]).toEqual([
      kept.fileName,
      'manifest.json',
      'receipt.json',
      'signature.json',
    ]);
  });

  test.each([
    ['damaged', (worker: TestWorker, sha256: string) => damage(worker, sha256)],
    ['removed', (worker: TestWorker, sha256: string) => worker.storage.blobs.remove(sha256)],
    ['cut short', (worker: TestWorker, sha256: string) => truncate(worker.storage.blobs.path(sha256)!, 10)],
  ])('fails under `fail` when a file is %s between gathering and packing', async (_how, harm) => {
    const worker = await setupWorker(packed);
    const [harmed, kept] = [await worker.addAsset(), await worker.addAsset()];
    const downloadId = await worker.request({ assetIds: [kept.assetId, harmed.assetId], unavailable: 'fail' });
    await worker.runJob((await worker.takeJobs())[0]!);
    await harm(worker, harmed.blob.sha256);

    await worker.runJobs('gather', 'pack');

    expect(await worker.download(downloadId)).toMatchObject({
      state: 'failed',
      error: { code: 'download.assets_refused' },
    });
    expect(await worker.storedFiles()).toEqual([]);
  });

  test('does nothing where the download is not to be packed, however often the job runs', async () => {
    const worker = await setupWorker();
    const { assetId } = await worker.addAsset();
    const downloadId = await worker.request({ assetIds: [assetId] });
    const job = { job: 'pack', payload: { downloadId, epoch: 0 } };

    await worker.runJob(job);
    expect((await worker.download(downloadId)).state).toBe('requested');
    await worker.runJobs('gather', 'pack');
    const before = await worker.download(downloadId);
    await worker.runJob(job);

    expect(await worker.download(downloadId)).toEqual({ ...before, readAt: expect.any(Date) });
    expect(await worker.storedFiles('objects')).toHaveLength(1);
  });

  test('shows its progress while it packs', async () => {
    const release = Promise.withResolvers<void>();
    const worker = await setupWorker({ ...packed, wrapStorage: interruptible(() => release.promise) });
    const assets = [await worker.addAsset(), await worker.addAsset()];
    const downloadId = await worker.request({ assetIds: assets.map(({ assetId }) => assetId) });
    const packing = worker.runJobs('gather', 'pack');

    await vi.waitFor(
      async () => {
        expect(await worker.download(downloadId)).toMatchObject({ state: 'packing', entriesDone: 2, bytesDone: 2_000 });
      },
      { timeout: 5_000 },
    );
    release.resolve();
    await packing;
  });
});
