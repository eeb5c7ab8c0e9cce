import { randomBytes } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { AppError } from '@sheaf/domain/app-error';
import type { Storage } from '@sheaf/storage/file-storage';
import { describe, expect, test } from 'vitest';
import { takeOver } from '../../../../test/harness/take-over.ts';
import { setupWorker, type TestWorker } from '../../../../test/harness/worker.ts';

/** More than what is written in one go. */
const large = 17 * 1024 * 1024;

/** A storage that has no file of one blob, until `release`, and whose bytes then never come; `waiting` says it is asked. */
function withholding() {
  let withheld: string | null = null;
  let waiting = Promise.withResolvers<void>();
  const asked: string[] = [];
  const wrapStorage = (storage: Storage): Storage => ({
    ...storage,
    blobs: {
      ...storage.blobs,
      path(sha256) {
        asked.push(sha256);
        return sha256 === withheld ? null : storage.blobs.path(sha256);
      },
      async read(sha256, range) {
        if (sha256 !== withheld) return storage.blobs.read(sha256, range);
        waiting.resolve();
        return new Promise(() => {});
      },
    },
  });
  return {
    wrapStorage,
    /** Of which files the paths were asked for. */
    asked,
    withhold(sha256: string): Promise<void> {
      withheld = sha256;
      waiting = Promise.withResolvers();
      return waiting.promise;
    },
    release() {
      withheld = null;
      asked.length = 0;
    },
  };
}

/** A worker that is packing two large files and waits for a third. */
async function setup({ partSize = null as number | null } = {}) {
  const { wrapStorage, withhold, ...control } = withholding();
  const worker = await setupWorker({ wrapStorage, settings: { DELIVERY: 'packed', LEASE_SECONDS: 60 } });
  const first = await worker.addAsset({ fileName: '1.bin', bytes: randomBytes(large) });
  const second = await worker.addAsset({ fileName: '2.bin', bytes: randomBytes(large) });
  const last = await worker.addAsset({ fileName: '3.bin' });
  const assetIds = [first, second, last].map(({ assetId }) => assetId);
  const downloadId = await worker.request({ assetIds, partSize });
  await worker.runJobs('gather');
  const waiting = withhold(last.blob.sha256);
  const stopping = new AbortController();
  const pack = (signal?: AbortSignal) => worker.runJob({ job: 'pack', payload: { downloadId, epoch: 0 } }, signal);
  const packing = pack(stopping.signal);
  await waiting;
  return { worker, first, second, last, downloadId, ...control, pack, packing, stopping };
}

type Setup = Awaited<ReturnType<typeof setup>>;

/** As a worker that is told to end does. */
async function stop({ stopping, packing }: Setup) {
  stopping.abort(new AppError('service.unavailable', 'The worker is stopping.', { retryable: true }));
  await packing;
}

async function expectWhole(worker: TestWorker, downloadId: string, files: Setup['first'][]) {
  const { state, parts } = await worker.download(downloadId);
  expect(state).toBe('ready');
  const unpacked = new Map<string, Buffer>();
  for (const { number } of parts) {
    for (const [path, bytes] of await worker.unpack(downloadId, number)) unpacked.set(path, bytes);
  }
  for (const { fileName, bytes } of files) expect(unpacked.get(fileName)?.equals(bytes)).toBe(true);
  expect(await worker.storedFiles('temporary')).toEqual([]);
  expect(await worker.storedFiles('objects')).toHaveLength(parts.length);
}

describe('pack, resumed', () => {
  test('the next claim goes on with what a worker that was stopped has packed', async () => {
    const packing = await setup();
    const { worker, downloadId, first, second, last, asked, release, pack } = packing;
    await stop(packing);
    const [left] = await worker.storedFiles();
    expect((await stat(left!)).size).toBeGreaterThan(large);
    release();

    await pack();

    expect(asked).not.toContain(first.blob.sha256);
    expect(asked).toContain(last.blob.sha256);
    await expectWhole(worker, downloadId, [first, second, last]);
  });

  test('parts that a worker had finished when it was stopped are not packed again', async () => {
    const packing = await setup({ partSize: large + 20_000 });
    const { worker, downloadId, first, second, last, asked, release, pack } = packing;
    await stop(packing);
    expect(await worker.storedFiles('objects')).toEqual([]);
    expect(await worker.storedFiles('temporary')).toHaveLength(2);
    release();

    await pack();

    expect(asked).not.toContain(first.blob.sha256);
    await expectWhole(worker, downloadId, [first, second, last]);
  });

  test('a worker that comes back after another has gone on with its archive changes nothing of it', async () => {
    const packing = await setup();
    const { worker, downloadId, first, second, last, asked, release, pack } = packing;
    release();
    // It has fallen silent, and does not know yet that its time is over: unless its heartbeat comes in between.
    const goOn = async () => {
      await worker.db.orm.execute("update downloads set lease_until = now() - interval '1 second'");
      await pack();
      return (await worker.download(downloadId)).state;
    };
    await expect.poll(goOn, { timeout: 30_000 }).toBe('ready');
    await packing.packing;

    expect(asked).not.toContain(first.blob.sha256);
    await expectWhole(worker, downloadId, [first, second, last]);
    expect((await worker.download(downloadId)).parts).toHaveLength(1);
  });

  test('a claim that was lost publishes nothing, and what it has packed stays for the one that has the download', async () => {
    const { worker, downloadId, first, second, last, asked, release, pack, packing } = await setup();
    await takeOver(worker, downloadId);
    await packing;
    expect(await worker.download(downloadId)).toMatchObject({ state: 'packing', parts: [] });
    expect(await worker.storedFiles('objects')).toEqual([]);
    await worker.db.orm.execute("update downloads set lease_until = now() - interval '1 second'");
    release();

    await pack();

    expect(asked).not.toContain(first.blob.sha256);
    await expectWhole(worker, downloadId, [first, second, last]);
  });

  test('what a stopped worker left is not trusted where a byte of it differs', async () => {
    const packing = await setup();
    const { worker, downloadId, first, second, last, asked, release, pack } = packing;
    await stop(packing);
    const [left] = await worker.storedFiles();
    const file = await open(left!, 'r+');
    await file.write(Buffer.from('not what was there'), 0, 18, 1_000_000);
    await file.close();
    release();

    await pack();

    expect(asked).toContain(first.blob.sha256);
    await expectWhole(worker, downloadId, [first, second, last]);
  });
});
