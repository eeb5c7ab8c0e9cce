import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { createFileStorage } from './file-storage.ts';
import { storedContent } from './stored-content.ts';

const bytes = randomBytes(1_000);

async function setup() {
  const root = await mkdtemp(join(tmpdir(), 'sheaf-storage-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const storage = createFileStorage(root);
  const { blobs } = storage;
  const blob = await blobs.put(Readable.from([bytes]));
  return { blobs, blob, content: storedContent(storage) };
}

test('a stored file opens as a whole and in part, and its path is the one of the store', async () => {
  const { blobs, blob, content } = await setup();

  expect((await buffer(await content.open(blob, { start: 0, end: 999 }))).equals(bytes)).toBe(true);
  expect((await buffer(await content.open(blob, { start: 10, end: 19 }))).equals(bytes.subarray(10, 20))).toBe(true);
  expect(content.path(blob.sha256)).toBe(blobs.path(blob.sha256));
});

test.each([
  ['has grown', (path: string) => writeFile(path, randomBytes(1_001))],
  ['was cut short, though beyond the part that is asked for', (path: string) => truncate(path, 500)],
])('a part of a stored file that %s is refused with blob.corrupt', async (_how, harm) => {
  const { blob, content } = await setup();
  await harm(content.path(blob.sha256)!);

  await expect(content.open(blob, { start: 10, end: 19 })).rejects.toMatchObject({
    code: 'blob.corrupt',
    detail: { sha256: blob.sha256, expectedSize: 1_000 },
  });
});

test.each([
  ['the whole', { start: 0, end: 999 }],
  ['a part', { start: 10, end: 19 }],
])('%s of a stored file that is gone is refused with blob.missing', async (_what, range) => {
  const { blobs, blob, content } = await setup();
  await blobs.remove(blob.sha256);

  await expect(content.open(blob, range)).rejects.toMatchObject({ code: 'blob.missing' });
});
