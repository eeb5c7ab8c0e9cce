import { randomBytes } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { createFileStorage } from './file-storage.ts';
import { verifyBlob } from './verify-blob.ts';

const never = new AbortController().signal;

async function setup(bytes = randomBytes(1_000_000)) {
  const folder = await mkdtemp(path.join(tmpdir(), 'sheaf-test-verify-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const { blobs } = createFileStorage(folder);
  const blob = await blobs.put(Readable.from([bytes]));
  return { blobs, blob, file: blobs.path(blob.sha256)!, verify: () => verifyBlob(blobs, blob, { signal: never }) };
}

test('a blob is whole as long as every byte is that of its name, also an empty one', async () => {
  expect(await (await setup()).verify()).toBeNull();
  expect(await (await setup(Buffer.alloc(0))).verify()).toBeNull();
});

test('a blob with another byte, fewer or more is corrupt, and one that is gone is missing', async () => {
  const changed = await setup();
  const bytes = await readFile(changed.file);
  bytes[999_999]! ^= 1;
  await writeFile(changed.file, bytes);
  expect(await changed.verify()).toBe('corrupt');
  const shorter = await setup();
  await truncate(shorter.file, 999_999);
  expect(await shorter.verify()).toBe('corrupt');
  const longer = await setup();
  await appendFile(longer.file, 'x');
  expect(await longer.verify()).toBe('corrupt');
  await unlink(longer.file);
  expect(await longer.verify()).toBe('missing');
});

test('the pace is told of every byte before the next ones are read', async () => {
  const { blobs, blob } = await setup();
  const told: number[] = [];
  await verifyBlob(blobs, blob, {
    signal: never,
    pace: async (bytes) => void told.push(bytes),
  });
  expect(told.length).toBeGreaterThan(1);
  expect(told.reduce((sum, bytes) => sum + bytes, 0)).toBe(1_000_000);
});

test('ends with the reason of the signal while a read hangs', async () => {
  const { blob } = await setup();
  const stopping = new AbortController();
  const hanging = { read: async () => new Readable({ read() {} }) };
  const verifying = verifyBlob(hanging, blob, { signal: stopping.signal });
  stopping.abort(new Error('stopping'));
  await expect(verifying).rejects.toThrow('stopping');
});

test('a storage that is away is no fault of the blob', async () => {
  const { blobs, blob } = await setup();
  await rm(path.resolve(blobs.path(blob.sha256)!, '../../..'), { recursive: true });
  await expect(verifyBlob(blobs, blob, { signal: never })).rejects.toMatchObject({ code: 'storage.unavailable' });
});
