import { randomBytes } from 'node:crypto';
import { appendFile, mkdtemp, readdir, readFile, readlink, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { AppError } from '@sheaf/domain/app-error';
import { expect, onTestFinished, test } from 'vitest';
import type { BlobSource } from './blob-source.ts';
import { layoutArchive } from './layout-archive.ts';
import { readWhole, setupBlobs } from './layout-under-test.ts';
import { readArchive } from './read-archive.ts';

const sizes = [0, 1, 50_000, 128 * 1024, 128 * 1024 + 1, 256 * 1024, 1_000_000];

/** Stored files as plain files, and the same in memory. */
async function setup() {
  const folder = await mkdtemp(join(tmpdir(), 'sheaf-read-archive-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const blobs = setupBlobs();
  const entries = sizes.map((size) => blobs.add(`${size}.bin`, randomBytes(size)));
  for (const [sha256, content] of blobs.contents) await writeFile(join(folder, sha256), content);
  const source: BlobSource = {
    path: (sha256) => join(folder, sha256),
    open: ({ sha256 }) => Promise.reject(new AppError('blob.missing', 'gone', { detail: { sha256 } })),
  };
  const pathOf = (size: number) => source.path!(entries[sizes.indexOf(size)]!.blob.sha256)!;

  async function expectNothingOpen() {
    expect(await openFilesBelow(folder)).toEqual([]);
  }

  return { blobs, entries, layout: layoutArchive(entries), source, pathOf, expectNothingOpen };
}

async function openFilesBelow(folder: string): Promise<string[]> {
  const descriptors = await readdir('/proc/self/fd');
  const targets = await Promise.all(descriptors.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
  return targets.filter((target) => target.startsWith(folder));
}

test('plain files give the same bytes as streams, in every range around their borders', async () => {
  const { blobs, layout, source, expectNothingOpen } = await setup();
  const whole = await readWhole(layout, blobs.source);
  expect(await readWhole(layout, source)).toEqual(whole);

  const borders = Array.from(layout.segments(0), ({ start }) => start).filter((start) => start > 0);
  for (const border of borders) {
    for (const range of [
      { start: border - 1, end: border },
      { start: border, end: layout.size - 1 },
      { start: 0, end: border - 1 },
    ]) {
      const bytes = await readWhole(layout, source, range);
      expect(bytes.equals(whole.subarray(range.start, range.end + 1))).toBe(true);
    }
  }
  await expectNothingOpen();
});

test.each(sizes.filter((size) => size > 0))(
  'a plain file that lost its last of %i bytes is blob.corrupt',
  async (size) => {
    const { layout, source, pathOf, expectNothingOpen } = await setup();
    await truncate(pathOf(size), size - 1);
    await expect(readWhole(layout, source)).rejects.toMatchObject({
      code: 'blob.corrupt',
      detail: { path: `${size}.bin`, expectedSize: size, size: size - 1 },
    });
    await expectNothingOpen();
  },
);

test.each(sizes.filter((size) => size > 0))(
  'a plain file that has a byte more than %i is blob.corrupt, though a range of it would look right',
  async (size) => {
    const { layout, source, pathOf, expectNothingOpen } = await setup();
    await appendFile(pathOf(size), 'x');
    await expect(readWhole(layout, source)).rejects.toMatchObject({
      code: 'blob.corrupt',
      detail: { path: `${size}.bin`, expectedSize: size, size: size + 1 },
    });
    await expectNothingOpen();
  },
);

test.each(sizes.filter((size) => size > 0))(
  'other bytes in a plain file of %i bytes are blob.corrupt',
  async (size) => {
    const { layout, source, pathOf, expectNothingOpen } = await setup();
    const bytes = await readFile(pathOf(size));
    await writeFile(
      pathOf(size),
      bytes.map((byte) => byte ^ 255),
    );
    await expect(readWhole(layout, source)).rejects.toMatchObject({
      code: 'blob.corrupt',
      detail: { path: `${size}.bin` },
    });
    await expectNothingOpen();
  },
);

test.each(sizes.filter((size) => size > 0))(
  'a missing plain file of %i bytes fails as its source says',
  async (size) => {
    const { layout, source, pathOf, expectNothingOpen } = await setup();
    await rm(pathOf(size));
    await expect(readWhole(layout, source)).rejects.toMatchObject({ code: 'blob.missing' });
    await expectNothingOpen();
  },
);

test('a plain file that opens and cannot be read is storage.unavailable, to be tried again', async () => {
  const { blobs, source } = await setup();
  const entry = blobs.add('folder', Buffer.alloc((await stat(tmpdir())).size));
  const folder: BlobSource = { ...source, path: () => tmpdir() };
  await expect(readWhole(layoutArchive([entry]), folder)).rejects.toMatchObject({
    code: 'storage.unavailable',
    retryable: true,
    detail: { path: 'folder' },
  });
});

test('an abort and a client that leaves, at every segment boundary, leave no file open when the stream closes', async () => {
  const { layout, source, expectNothingOpen } = await setup();
  for (const boundary of Array.from(layout.segments(0), ({ start }) => start)) {
    const abort = new AbortController();
    const stream = readArchive(layout, source, { start: 0, end: layout.size - 1 }, { signal: abort.signal });
    const closed = new Promise((resolve) => stream.once('close', resolve));
    stream.on('error', () => {});
    let received = 0;
    stream.on('data', (chunk: Buffer) => {
      received += chunk.length;
      if (received >= boundary) abort.abort(new Error('cancelled'));
    });
    await closed;
    await expect.poll(expectNothingOpen).toBe(undefined);
  }
});

test('many readers of one archive at once each get all of it', async () => {
  const { layout, source, expectNothingOpen } = await setup();
  const readers = Array.from({ length: 30 }, () =>
    buffer(readArchive(layout, source, { start: 0, end: layout.size - 1 }, { verify: true })),
  );
  for (const bytes of await Promise.all(readers)) expect(bytes.length).toBe(layout.size);
  await expectNothingOpen();
});
