import { createWriteStream } from 'node:fs';
import { appendFile, readFile, stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { Segmented } from './archive-layout.ts';
import { concatenated, setupStoredFiles } from './stored-files-under-test.ts';
import { type WriteProgress, writeArchive } from './write-archive.ts';

const MiB = 1024 * 1024;
const { signal } = new AbortController();
/** Empty, small, around the size of a buffer, and larger than a batch. */
const sizes = [0, 1, 50_000, 512 * 1024 - 1, 512 * 1024, 512 * 1024 + 1, 0, 3 * MiB, 40 * MiB + 7];
const many = Array.from({ length: 1_500 }, (_, i) => (i * 37) % 2_000);

test.each([
  ['files of all sizes', sizes],
  ['many small files', many],
])('a file holds exactly the bytes of the segments one after another: %s', async (_, of) => {
  const { layout, files, target, fileOf, openFiles } = await setupStoredFiles(of);

  await writeArchive(layout, files, { path: target }, { signal });

  const expected = await concatenated(layout, (sha256) => readFile(fileOf(sha256)));
  expect((await readFile(target)).equals(expected)).toBe(true);
  expect(expected.length).toBe(layout.size);
  expect(await openFiles()).toEqual([]);
});

test('streams to a file, files to a stream, and a mixture give the same bytes', async () => {
  const { layout, files, streams, target, fileOf, entries } = await setupStoredFiles(sizes);
  const expected = await concatenated(layout, (sha256) => readFile(fileOf(sha256)));
  const remote = entries[7]!.blob.sha256;
  const mixed = { ...files, path: (sha256: string) => (sha256 === remote ? null : fileOf(sha256)) };

  await writeArchive(layout, streams, { path: target }, { signal });
  expect((await readFile(target)).equals(expected)).toBe(true);
  await writeArchive(layout, files, createWriteStream(target), { signal });
  expect((await readFile(target)).equals(expected)).toBe(true);
  await writeArchive(layout, mixed, { path: target }, { signal });
  expect((await readFile(target)).equals(expected)).toBe(true);
});

test('a file that is gone on with is cut behind the archive, and not before the archive is whole', async () => {
  const { layout, files, target, fileOf } = await setupStoredFiles([1_000, 2_000, 3_000]);
  await writeArchive(layout, files, { path: target }, { signal });
  await appendFile(target, 'what was behind it');
  const { size } = await stat(target);
  const from = [...layout.segments(0)][2]!.start;
  const gone = { ...files, path: (sha256: string) => `${fileOf(sha256)}.gone` };

  await expect(writeArchive(layout, gone, { path: target }, { signal, from })).rejects.toThrow();
  expect((await stat(target)).size).toBe(size);

  await writeArchive(layout, files, { path: target }, { signal, from });
  const expected = await concatenated(layout, (sha256) => readFile(fileOf(sha256)));
  expect((await readFile(target)).equals(expected)).toBe(true);
});

test('segments that come one by one, as from a database, give the same bytes', async () => {
  const { layout, files, target, fileOf } = await setupStoredFiles(many);
  const slow: Segmented = {
    size: layout.size,
    async *segments(from) {
      yield* layout.segments(from);
    },
  };

  await writeArchive(slow, files, { path: target }, { signal });

  const expected = await concatenated(layout, (sha256) => readFile(fileOf(sha256)));
  expect((await readFile(target)).equals(expected)).toBe(true);
});

test.each(['file', 'stream'])("progress never goes back and ends with the archive's size: %s", async (sink) => {
  const { layout, files, target } = await setupStoredFiles(sizes);
  const reports: WriteProgress[] = [];

  await writeArchive(layout, files, sink === 'file' ? { path: target } : createWriteStream(target), {
    signal,
    onProgress: (progress) => reports.push(progress),
  });

  expect(reports.at(-1)).toEqual({ bytesDone: layout.size, size: layout.size });
  expect(reports.map(({ bytesDone }) => bytesDone)).toEqual(
    reports.map(({ bytesDone }) => bytesDone).toSorted((a, b) => a - b),
  );
});

test('a longer file that was there before is replaced', async () => {
  const large = await setupStoredFiles([MiB, MiB]);
  const { layout, files, fileOf } = await setupStoredFiles([10]);
  await writeArchive(large.layout, large.files, { path: large.target }, { signal });

  await writeArchive(layout, files, { path: large.target }, { signal });

  const expected = await concatenated(layout, (sha256) => readFile(fileOf(sha256)));
  expect((await readFile(large.target)).equals(expected)).toBe(true);
});
