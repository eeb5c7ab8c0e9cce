import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createFileStorage, type Storage } from './file-storage.ts';
import { limitStalls } from './limit-stalls.ts';
import { readVerified } from './verified-read.ts';
import { verifyBlob } from './verify-blob.ts';

const limitMs = 100;
const stalled = { code: 'storage.unavailable', retryable: true, detail: { stalledMs: limitMs } };
const never = new AbortController().signal;
const stuck = () => new Promise<never>(() => {});

/** A storage with one blob and one object of the same bytes, limited, and unlike itself in what the test says. */
async function setup(size: number, change: (storage: Storage) => Partial<Storage['blobs'] & Storage['objects']>) {
  const root = await mkdtemp(join(tmpdir(), 'sheaf-storage-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const storage = createFileStorage(root);
  const bytes = randomBytes(size);
  const blob = await storage.blobs.put(Readable.from([bytes]));
  const writer = await storage.objects.create('one');
  writer.stream.end(bytes);
  await writer.commit();
  const changes = change(storage);
  const changed: Storage = {
    ...storage,
    blobs: { ...storage.blobs, ...changes },
    objects: { ...storage.objects, ...changes },
  };
  return { bytes, blob, storage: limitStalls(changed, limitMs) };
}

async function* stallingAt(bytes: Buffer, at: number) {
  if (at > 0) yield bytes.subarray(0, at);
  await stuck();
}

test.each([0, 1, 500])('a read that stalls at byte %i ends in a retryable error, however it is read', async (at) => {
  const { blob, storage } = await setup(1_000, () => ({
    read: async () => Readable.from(stallingAt(randomBytes(1_000), at), { objectMode: false }),
  }));
  const source = await storage.blobs.read(blob.sha256);
  let received = 0;
  source.on('data', (chunk: Buffer) => {
    received += chunk.length;
  });
  const closed = new Promise((resolve) => source.once('close', resolve));
  await expect(new Promise((_, reject) => source.once('error', reject))).rejects.toMatchObject(stalled);
  await closed;
  expect(received).toBe(at);

  await expect(buffer(await readVerified(storage.blobs, blob))).rejects.toMatchObject(stalled);
  await expect(verifyBlob(storage.blobs, blob, { signal: never })).rejects.toMatchObject(stalled);
  await expect(buffer(await storage.objects.read('one'))).rejects.toMatchObject(stalled);
});

test('a storage that never answers at all is an error, not a wait without end', async () => {
  const { blob, storage } = await setup(1, () => ({ read: stuck, stat: stuck, names: stuck }));
  const asked = [
    storage.blobs.read(blob.sha256),
    storage.blobs.stat(blob.sha256),
    storage.blobs.names('00'),
    storage.objects.read('one'),
    storage.objects.stat('one'),
  ];
  for (const answer of await Promise.allSettled(asked)) expect(answer).toMatchObject({ reason: stalled });
});

test('a storage that can be read, and hangs where it is written, fails its check', async () => {
  const { storage } = await setup(1, () => ({}));
  const hanging = limitStalls({ ...storage, check: stuck }, limitMs);
  await expect(hanging.check()).rejects.toMatchObject(stalled);
});

test('a stream that comes after nobody waits for it any more is closed', async () => {
  const late = Promise.withResolvers<Readable>();
  const { blob, storage } = await setup(1, () => ({ read: () => late.promise }));
  await expect(storage.blobs.read(blob.sha256)).rejects.toMatchObject(stalled);
  const stream = Readable.from(['x']);
  late.resolve(stream);
  await expect.poll(() => stream.closed).toBe(true);
});

test('a reader that takes longer than the limit over each piece gets every byte', async () => {
  const { bytes, blob, storage } = await setup(1_500_000, () => ({}));
  const chunks: Buffer[] = [];
  for await (const chunk of await storage.blobs.read(blob.sha256)) {
    chunks.push(chunk);
    await pause(2 * limitMs);
  }
  expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
});

test('a process that was itself held up blames nobody', async () => {
  const { bytes, blob, storage } = await setup(1_000_000, () => ({}));
  const reading = storage.blobs.read(blob.sha256).then(buffer);
  for (let held = 0; held < 4; held += 1) {
    const until = performance.now() + 2 * limitMs;
    while (performance.now() < until);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect((await reading).equals(bytes)).toBe(true);
});

test('a stream that is given up while its storage hangs closes in time', async () => {
  const { blob, storage } = await setup(1, () => ({
    read: async () => Readable.from(stallingAt(Buffer.alloc(10), 5), { objectMode: false }),
  }));
  const source = await storage.blobs.read(blob.sha256);
  await new Promise((resolve) => source.once('data', resolve));
  const closed = new Promise((resolve) => source.once('close', resolve));
  source.destroy();
  await closed;
});
