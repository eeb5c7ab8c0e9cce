import { randomBytes } from 'node:crypto';
import { createJobProducer } from '@sheaf/queue/job-producer';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { startWorkerOnSmallDisk } from '../../../test/harness/full-disk.ts';
import { openQueueBackend, queueKinds } from '../../../test/harness/queue-backend.ts';
import { setupWorker, type TestWorker } from '../../../test/harness/worker.ts';
import { defaultPolicy } from './worker-policy.ts';

const patience = { timeout: 20_000, interval: 50 };

async function reaches(worker: TestWorker, downloadId: string, state: string) {
  await vi.waitFor(async () => expect((await worker.download(downloadId)).state).toBe(state), patience);
}

describe.each(queueKinds)('a worker on %s', (kind) => {
  async function setup(options: Parameters<typeof setupWorker>[0] = {}) {
    const { backend, remove } = await openQueueBackend(kind);
    onTestFinished(remove);
    const worker = await setupWorker(options);
    return { worker, backend };
  }

  test('turns a request into an archive and tells the requester, with nobody asking again', async () => {
    const { worker, backend } = await setup();
    await worker.start(backend);
    const picture = await worker.addPicture('orange.jpg');

    const downloadId = await worker.request({
      assetIds: [picture.assetId],
      renditions: 'originals-and-static',
      notify: { email: true, to: [] },
    });

    await reaches(worker, downloadId, 'ready');
    const files = await worker.unpack(downloadId);
    expect([...files.keys()]).toEqual([
      'orange-thumbnail.jpg',
      'orange-web.jpg',
      'orange-zoom.jpg',
      'orange.jpg',
      'manifest.json',
      'receipt.json',
      'signature.json',
    ]);
    expect(files.get('orange.jpg')).toEqual(picture.bytes);
    await vi.waitFor(async () => {
      const rows = await worker.db.orm.execute('select channel, state, attempts from notifications order by channel');
      expect([...rows]).toEqual([
        { channel: 'email', state: 'delivered', attempts: 1 },
        { channel: 'inbox', state: 'delivered', attempts: 1 },
      ]);
    }, patience);
  });

  test('makes the renditions of what was added to the catalogue', async () => {
    const { worker, backend } = await setup();
    await worker.start(backend);

    await worker.addPicture('orange.jpg');

    await vi.waitFor(async () => {
      const rows = await worker.db.orm.execute("select state from renditions where kind = 'static'");
      expect(rows.map(({ state }) => state)).toEqual(['ready', 'ready', 'ready']);
    }, patience);
  });

  test('delivers many downloads of several requesters, each once', async () => {
    const { worker, backend } = await setup();
    await worker.start(backend);
    await worker.start(backend);
    const other = await worker.addUser('other@example.com');
    const { assetId } = await worker.addAsset();

    for (let i = 0; i < 10; i += 1) {
      await worker.request({ assetIds: [assetId] });
      await worker.requestAs(other, { assetIds: [assetId] });
    }

    await vi.waitFor(async () => {
      const rows = await worker.db.orm.execute('select state, count(*)::int as n from downloads group by state');
      expect([...rows]).toEqual([{ state: 'ready', n: 20 }]);
    }, patience);
    await vi.waitFor(async () => {
      const [row] = await worker.db.orm.execute('select count(*)::int as n from inbox_items');
      expect(row?.n).toBe(20);
    }, patience);
    expect(await worker.storedFiles('objects')).toHaveLength(20);
  });

  test('prepares each of 40 requests within 5 s, one after the other, without any help of the sweep', async () => {
    const { worker, backend } = await setup({ policy: defaultPolicy });
    await worker.start(backend);
    const { assetId } = await worker.addAsset();

    for (let i = 0; i < 40; i += 1) {
      const downloadId = await worker.request({ assetIds: [assetId] });
      await vi.waitFor(async () => expect((await worker.download(downloadId)).state).toBe('ready'), {
        timeout: 5_000,
        interval: 10,
      });
    }
  });

  test('finds a download whose job vanished from the queue', async () => {
    const { worker, backend } = await setup();
    const { assetId } = await worker.addAsset();
    const downloadId = await worker.request({ assetIds: [assetId] });
    await worker.takeJobs();

    await worker.start(backend);

    await reaches(worker, downloadId, 'ready');
  });

  test('a job that is in the queue twice, or for a download long done, changes nothing', async () => {
    const { worker, backend } = await setup();
    await worker.start(backend);
    const { assetId } = await worker.addAsset();
    const downloadId = await worker.request({ assetIds: [assetId] });
    await reaches(worker, downloadId, 'ready');
    const before = await worker.download(downloadId);
    const producer = createJobProducer(backend, { onError: () => {} });
    onTestFinished(() => producer.close());

    await producer.add('pack', { downloadId, epoch: 1 }, { jobId: 'pack-again' });
    await producer.add('gather', { downloadId, epoch: 1 }, { jobId: 'gather-again' });
    const next = await worker.request({ assetIds: [assetId] });
    await reaches(worker, next, 'ready');

    expect(await worker.download(downloadId)).toEqual({ ...before, readAt: expect.any(Date) });
  });

  test('shows in the database that it is alive, and that it is not once it is closed', async () => {
    const { worker, backend } = await setup();
    const running = await worker.start(backend);
    const workers = async () => [...(await worker.db.orm.execute('select id, pid from workers'))];
    expect(await workers()).toEqual([{ id: running.id, pid: process.pid }]);

    await running.close();

    expect(await workers()).toEqual([]);
  });

  test('hands its downloads back when it is closed, and the next worker finishes them', async () => {
    const gate = { shut: true };
    const reading = Promise.withResolvers<void>();
    const { worker, backend } = await setup({
      settings: { DRAIN_SECONDS: 0 },
      wrapStorage: (storage) => ({
        ...storage,
        blobs: {
          ...storage.blobs,
          // No files: what is packed is then read as a stream.
          path: () => null,
          async read(sha256, range) {
            reading.resolve();
            if (gate.shut) await new Promise(() => {});
            return storage.blobs.read(sha256, range);
          },
        },
      }),
    });
    const { assetId } = await worker.addAsset();
    const downloadId = await worker.request({ assetIds: [assetId] });
    const first = await worker.start(backend);
    await reading.promise;

    await first.close();
    const [row] = await worker.db.orm.execute('select state, lease_until, crashes from downloads');
    expect(row).toEqual({ state: 'packing', lease_until: null, crashes: 0 });
    gate.shut = false;
    await worker.start(backend);

    await reaches(worker, downloadId, 'ready');
  });
});

test('a disk that fills up during pack fails the download with storage.full and leaves no temporary files', async () => {
  const worker = await setupWorker();
  const { assetId, blob } = await worker.addAsset({ bytes: randomBytes(3 * 1024 * 1024) });
  const { databaseUrl, storageFolder } = worker;
  const small = await startWorkerOnSmallDisk({ databaseUrl, storageFolder, diskBytes: 4 * 1024 * 1024 });
  const downloadId = await worker.request({ assetIds: [assetId] });

  await reaches(worker, downloadId, 'failed');

  expect((await worker.download(downloadId)).error).toEqual({
    code: 'storage.full',
    message: 'There is no space left in the storage.',
  });
  const [row] = await worker.db.orm.execute('select attempts from downloads');
  expect(row).toEqual({ attempts: 1 });
  expect(await small.stop()).toEqual([blob.sha256]);
});

test('a wrong entry among the private addresses that may be called is told at the start', async () => {
  const worker = await setupWorker({ settings: { WEBHOOK_ALLOWED_ADDRESSES: ['10.0.0.0/8', 'intranet'] } });

  await expect(worker.start({ kind: 'postgres', url: worker.databaseUrl })).rejects.toThrow(
    '"intranet" is neither an IP address nor a range',
  );
});
