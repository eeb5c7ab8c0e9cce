import { createHash, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { updateAsset } from '@sheaf/db/catalogue/update-asset';
import { updateLicence } from '@sheaf/db/catalogue/update-licence';
import { cancelDownload } from '@sheaf/db/downloads/cancel-download';
import { claimDownload } from '@sheaf/db/downloads/claim-download';
import { listDownloadItems } from '@sheaf/db/downloads/list-download-items';
import { lockDownload } from '@sheaf/db/downloads/lock-download';
import { recordAcceptances } from '@sheaf/db/downloads/record-acceptances';
import { AppError } from '@sheaf/domain/app-error';
import { parseReceipt } from '@sheaf/evidence/receipt';
import type { Storage } from '@sheaf/storage/file-storage';
import { describe, expect, test, vi } from 'vitest';
import { setupWorker, type TestWorker } from '../../../../test/harness/worker.ts';

const setup = setupWorker;

const ownFiles = ['manifest.json', 'receipt.json', 'signature.json'];

/** A storage that calls `beforeCommit` with an archive complete, and not yet stored. */
function interruptible(beforeCommit: () => Promise<void>) {
  return (storage: Storage): Storage => ({
    ...storage,
    objects: {
      ...storage.objects,
      async create(key) {
        const writer = await storage.objects.create(key);
        return {
          ...writer,
          async commit() {
            await beforeCommit();
            await writer.commit();
          },
        };
      },
    },
  });
}

/** A storage whose blobs never come; `reading` resolves once one is asked for. */
function stuck() {
  const reading = Promise.withResolvers<void>();
  const wrapStorage = (storage: Storage): Storage => ({
    ...storage,
    blobs: {
      ...storage.blobs,
      read() {
        reading.resolve();
        return new Promise(() => {});
      },
    },
  });
  return { wrapStorage, reading: reading.promise };
}

/** Takes the download for another worker, as if the lease of the one that has it had run out. */
async function takeOver({ db }: TestWorker, downloadId: string) {
  await db.orm.execute(`update downloads set lease_until = now() - interval '1 second' where id = '${downloadId}'`);
  const claim = await claimDownload(db.orm, { downloadId, step: 'pack', workerId: 'another', leaseSeconds: 60 });
  expect(claim).not.toBeNull();
}

async function damage({ storageFolder }: TestWorker, sha256: string) {
  const path = join(storageFolder, 'blobs', sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  const bytes = await readFile(path);
  bytes[0]! ^= 0xff;
  await writeFile(path, bytes);
}

/** As the API does. */
async function cancel({ db }: TestWorker, downloadId: string) {
  await db.transaction(async (tx) => {
    const locked = await lockDownload(tx, { downloadId, requesterId: null });
    expect(await cancelDownload(tx, locked!, new Date())).toBe(true);
  });
}

/** Cancelled, with nothing left of it, and the requester told so once. */
async function expectCancelled(worker: TestWorker, downloadId: string) {
  expect(await worker.download(downloadId)).toMatchObject({
    state: 'cancelled',
    error: null,
    parts: [],
    defaultLink: null,
  });
  await expectNothingStored(worker);
  const told = await worker.db.orm.execute('select event, channel from notifications');
  expect([...told]).toEqual([{ event: 'download.cancelled', channel: 'inbox' }]);
}

async function expectNothingStored(worker: TestWorker) {
  expect(await worker.storedFiles('objects')).toEqual([]);
  expect(await worker.storedFiles('temporary')).toEqual([]);
}

describe('pack', () => {
  test('publishes an archive of the originals with a manifest of the outcomes and the accepted terms', async () => {
    const worker = await setup();
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
      'boat.jpg',
      'BOAT (2).jpg',
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

  test('records size and SHA-256 of the stored archive, and a link that ends with the download', async () => {
    const worker = await setup();
    const { assetId } = await worker.addAsset();
    const downloadId = await worker.request({ assetIds: [assetId], name: 'Spring/campaign' });

    await worker.runJobs('gather', 'pack');

    const { parts, defaultLink, expiresAt } = await worker.download(downloadId);
    const [file] = await worker.storedFiles('objects');
    const stored = await readFile(file!);
    expect(parts).toEqual([
      { number: 1, size: stored.length, sha256: createHash('sha256').update(stored).digest('hex') },
    ]);
    expect(defaultLink).toMatchObject({ expiresAt, revokedAt: null });
    expect(worker.deps.sealers.link.open(defaultLink!.sealedToken)).toMatch(/^[\w-]{43}$/);
  });

  test('keeps every part within the size asked for, with the manifest and the terms in each', async () => {
    const worker = await setup();
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
    const worker = await setup();
    const [damaged, kept] = [await worker.addAsset(), await worker.addAsset()];
    const downloadId = await worker.request({ assetIds: [damaged.assetId, kept.assetId] });
    await worker.runJob((await worker.takeJobs())[0]!);
    await damage(worker, damaged.blob.sha256);

    await worker.runJobs('gather', 'pack');

    const items = await listDownloadItems(worker.db.orm, { downloadId, limit: 10 });
    expect(items.map(({ reason }) => reason)).toEqual(['blob.corrupt', null]);
    expect((await worker.download(downloadId)).state).toBe('ready');
    expect([...(await worker.unpack(downloadId)).keys()]).toEqual([kept.fileName, ...ownFiles]);
  });

  test.each([
    ['damaged', (worker: TestWorker, sha256: string) => damage(worker, sha256)],
    ['removed', (worker: TestWorker, sha256: string) => worker.storage.blobs.remove(sha256)],
  ])('fails under `fail` when a file is %s between gathering and packing', async (_how, harm) => {
    const worker = await setup();
    const [harmed, kept] = [await worker.addAsset(), await worker.addAsset()];
    const downloadId = await worker.request({ assetIds: [kept.assetId, harmed.assetId], unavailable: 'fail' });
    await worker.runJob((await worker.takeJobs())[0]!);
    await harm(worker, harmed.blob.sha256);

    await worker.runJobs('gather', 'pack');

    expect(await worker.download(downloadId)).toMatchObject({
      state: 'failed',
      error: { code: 'download.assets_refused' },
    });
    await expectNothingStored(worker);
  });

  test('publishes nothing of an asset that was taken back while it was packed', async () => {
    let takeBack = async () => {};
    const worker = await setup({ wrapStorage: interruptible(() => takeBack()) });
    const [taken, kept] = [await worker.addAsset(), await worker.addAsset()];
    const downloadId = await worker.request({ assetIds: [taken.assetId, kept.assetId] });
    takeBack = async () => {
      await updateAsset(worker.db.orm, taken.assetId, { status: 'rejected' }, new Date());
    };

    await worker.runJobs('gather', 'pack');

    expect(await worker.download(downloadId)).toMatchObject({ state: 'ready', included: 1, excluded: 1 });
    expect([...(await worker.unpack(downloadId)).keys()]).toEqual([kept.fileName, ...ownFiles]);
    expect(await worker.storedFiles('objects')).toHaveLength(1);
  });

  test.each([
    ['after the first of its parts', 1],
    ['after the last of its parts', 2],
  ])(
    'an asset that comes under another licence %s is packed again, with the same terms in every part',
    async (_when, after) => {
      let stored = 0;
      let relicense = async () => {};
      const interruption = async () => {
        stored += 1;
        if (stored === after) await relicense();
      };
      const worker = await setup({ wrapStorage: interruptible(interruption) });
      const [before, since] = [
        await worker.addLicence('Before', randomBytes(300)),
        await worker.addLicence('Since', randomBytes(300)),
      ];
      const assets = [];
      for (let i = 0; i < 2; i += 1) {
        assets.push(await worker.addAsset({ bytes: randomBytes(40_000), licenceId: before.licenceId }));
      }
      const assetIds = assets.map(({ assetId }) => assetId);
      // The requester accepted both, so that nothing but the archive is wrong.
      const owned = await worker.addAsset({ licenceId: since.licenceId });
      await worker.request({ assetIds: [owned.assetId], acceptLicences: [since] });
      await worker.takeJobs();
      const downloadId = await worker.request({ assetIds, acceptLicences: [before], partSize: 70_000 });
      relicense = async () => {
        await updateAsset(worker.db.orm, assetIds[1]!, { licenceId: since.licenceId }, new Date());
      };

      await worker.runJobs('gather', 'pack');

      expect(await worker.download(downloadId)).toMatchObject({ state: 'ready', included: 2 });
      expect(stored).toBe(4);
      for (const number of [1, 2]) {
        const files = await worker.unpack(downloadId, number);
        const receipt = parseReceipt(files.get('receipt.json')!)!;
        expect(receipt.licences.map(({ licenceId }) => licenceId)).toEqual([before.licenceId, since.licenceId]);
        expect(receipt.assets).toMatchObject([{ licenceId: number === 1 ? before.licenceId : since.licenceId }]);
      }
      expect(await worker.storedFiles('objects')).toHaveLength(2);
    },
  );

  test('terms that come back as another version while a download is packed are those of its receipt', async () => {
    let replace = async () => {};
    const worker = await setup({ wrapStorage: interruptible(() => replace()) });
    const { licenceId, sha256 } = await worker.addLicence('Press', randomBytes(300));
    const { sha256: others } = await worker.addLicence('Others', randomBytes(300));
    const { assetId } = await worker.addAsset({ licenceId });
    const downloadId = await worker.request({ assetIds: [assetId], acceptLicences: [{ licenceId, sha256 }] });
    replace = async () => {
      replace = async () => {};
      await updateLicence(worker.db.orm, licenceId, { documentSha256: others }, new Date());
      await updateLicence(worker.db.orm, licenceId, { documentSha256: sha256 }, new Date());
      await recordAcceptances(worker.db.orm, {
        ...{ userId: worker.requester.id, downloadId, assetId: null, ipAddress: null, userAgent: null },
        accepted: [{ licenceId, sha256, version: 3 }],
        now: new Date(),
      });
    };

    await worker.runJobs('gather', 'pack');

    const receipt = parseReceipt((await worker.unpack(downloadId)).get('receipt.json')!)!;
    expect(receipt.licences).toMatchObject([{ licenceId, version: 3, sha256 }]);
    expect(receipt.licences[0]!.acceptedAt).not.toBeNull();
  });

  test('a claim that was taken over publishes nothing, and its archive is removed', async () => {
    let lose = async () => {};
    const worker = await setup({ wrapStorage: interruptible(() => lose()) });
    const { assetId } = await worker.addAsset();
    const downloadId = await worker.request({ assetIds: [assetId] });
    lose = () => takeOver(worker, downloadId);

    await worker.runJobs('gather', 'pack');

    expect(await worker.download(downloadId)).toMatchObject({ state: 'packing', parts: [], defaultLink: null });
    await expectNothingStored(worker);
  });

  test('a claim that was taken over stops packing', async () => {
    const { wrapStorage, reading } = stuck();
    const worker = await setup({ wrapStorage, settings: { LEASE_SECONDS: 2 } });
    const { assetId } = await worker.addAsset();
    const downloadId = await worker.request({ assetIds: [assetId] });
    const packing = worker.runJobs('gather', 'pack');
    await reading;

    await takeOver(worker, downloadId);
    await packing;

    expect((await worker.download(downloadId)).state).toBe('packing');
    await expectNothingStored(worker);
  });

  test('stops when the download is cancelled, leaves nothing behind and tells the requester', async () => {
    const { wrapStorage, reading } = stuck();
    const worker = await setup({ wrapStorage, settings: { LEASE_SECONDS: 60 } });
    const { assetId } = await worker.addAsset();
    const downloadId = await worker.request({ assetIds: [assetId] });
    const packing = worker.runJobs('gather', 'pack');
    await reading;

    await cancel(worker, downloadId);
    const askedAt = performance.now();
    await packing;

    // However long its lease is.
    expect(performance.now() - askedAt).toBeLessThan(3_000);
    await expectCancelled(worker, downloadId);
  });

  test('a download that is cancelled when its archive is complete never becomes ready', async () => {
    let interrupt = async () => {};
    const worker = await setup({ wrapStorage: interruptible(() => interrupt()), settings: { LEASE_SECONDS: 60 } });
    const { assetId } = await worker.addAsset();
    const downloadId = await worker.request({ assetIds: [assetId] });
    interrupt = () => cancel(worker, downloadId);

    await worker.runJobs('gather', 'pack');

    await expectCancelled(worker, downloadId);
  });

  test('a run that fails after the download was cancelled ends it as cancelled, and says nothing of failure', async () => {
    let interrupt = async () => {};
    const worker = await setup({ wrapStorage: interruptible(() => interrupt()), policy: { stepAttempts: 1 } });
    const { assetId } = await worker.addAsset();
    const downloadId = await worker.request({ assetIds: [assetId] });
    interrupt = async () => {
      await cancel(worker, downloadId);
      throw new AppError('storage.full', 'There is no space left in the storage.', { retryable: true });
    };

    await worker.runJobs('gather', 'pack');

    await expectCancelled(worker, downloadId);
  });

  test('a download that waits to be packed is cancelled at once, and its job then does nothing', async () => {
    const worker = await setup();
    const { assetId } = await worker.addAsset();
    const downloadId = await worker.request({ assetIds: [assetId] });
    await worker.runJob((await worker.takeJobs())[0]!);
    expect((await worker.download(downloadId)).state).toBe('packing');

    await cancel(worker, downloadId);

    await expectCancelled(worker, downloadId);
    await worker.runJobs('pack');
    await expectCancelled(worker, downloadId);
  });

  test('a download whose worker was lost is cancelled at once', async () => {
    const worker = await setup();
    const { assetId } = await worker.addAsset();
    const downloadId = await worker.request({ assetIds: [assetId] });
    await worker.runJob((await worker.takeJobs())[0]!);
    await takeOver(worker, downloadId);
    await worker.db.orm.execute("update downloads set lease_until = now() - interval '1 second'");

    await cancel(worker, downloadId);

    await expectCancelled(worker, downloadId);
  });

  test('hands the download back unharmed when its worker has to stop', async () => {
    const { wrapStorage, reading } = stuck();
    const worker = await setup({ wrapStorage });
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
    await expectNothingStored(worker);
    expect((await worker.takeJobs()).map(({ job }) => job)).toEqual(['pack']);
  });

  test('counts a run that took too long as a failed one, and gives up after the attempts it has', async () => {
    const { wrapStorage, reading } = stuck();
    const worker = await setup({ wrapStorage, policy: { stepAttempts: 1 } });
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

  test('does nothing where the download is not to be packed, however often the job runs', async () => {
    const worker = await setup();
    const { assetId } = await worker.addAsset();
    const downloadId = await worker.request({ assetIds: [assetId] });
    const job = { job: 'pack', payload: { downloadId, epoch: 0 } };

    await worker.runJob(job);
    expect((await worker.download(downloadId)).state).toBe('requested');
    await worker.runJobs('gather', 'pack');
    const before = await worker.download(downloadId);
    await worker.runJob(job);

    expect(await worker.download(downloadId)).toEqual(before);
    expect(await worker.storedFiles('objects')).toHaveLength(1);
  });

  test('shows its progress while it packs', async () => {
    const release = Promise.withResolvers<void>();
    const worker = await setup({ wrapStorage: interruptible(() => release.promise) });
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
