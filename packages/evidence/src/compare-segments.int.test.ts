import { mkdtemp, open, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import type { ArchiveEntry } from '@sheaf/archive/archive-entry';
import { layoutArchive } from '@sheaf/archive/layout-archive';
import { expect, onTestFinished, test } from 'vitest';
import type { ExpectedFile } from './compare-files.ts';
import { compareSegments } from './compare-segments.ts';
import { openArchive } from './open-archive.ts';
import { type Stock, takeStock } from './take-stock.ts';

const GiB = 1024 ** 3;
const modifiedAt = new Date('2026-01-02T03:04:07.891Z');

interface Zeros {
  path: string;
  size: number;
}

/** An archive of zeros, sparse on the disk, read as `verifyArchive` does it. */
async function setup(content: Zeros[]) {
  const folder = await mkdtemp(path.join(tmpdir(), 'sheaf-evidence-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'archive.zip');
  const manifest = { path: 'manifest.json', modifiedAt, bytes: Buffer.from('{}') };
  const entries = content.map(
    ({ path, size }): ArchiveEntry => ({ path, modifiedAt, blob: { sha256: '', size, crc32: zerosCrc32(size) } }),
  );
  const layout = layoutArchive(entries, { closing: [manifest] });
  const handle = await open(file, 'w+');
  onTestFinished(() => handle.close());
  for (const segment of layout.segments(0)) {
    if ('bytes' in segment) await handle.write(segment.bytes, 0, segment.size, segment.start);
  }
  const archive = (await openArchive(file))!;
  const stock = await takeStock(archive);
  const expectedFile = (name: string): ExpectedFile => ({ path: name, modifiedAt, size: null, sha256: null });
  const expected = {
    content: content.map((zeros) => expectedFile(zeros.path)),
    closing: [expectedFile(manifest.path)],
  };
  return {
    file,
    archive,
    expected,
    stock,
    layout,
    compare: async (found: Stock = stock) => (await compareSegments(archive, expected, found))?.message ?? null,
    /** Of what the layout writes itself, headers and records: where, and how many bytes. */
    literals: () => Array.from(layout.segments(0)).filter((segment) => 'bytes' in segment),
    /** What is said while the byte at that place is another one. */
    async withChangedByte(offset: number): Promise<string | null> {
      const byte = Buffer.alloc(1);
      await handle.read(byte, 0, 1, offset);
      const changed = Buffer.from([byte[0]! ^ 1]);
      await handle.write(changed, 0, 1, offset);
      const message = (await compareSegments(archive, expected, stock))?.message ?? null;
      await handle.write(byte, 0, 1, offset);
      return message;
    },
  };
}

function zerosCrc32(size: number): number {
  const block = Buffer.alloc(Math.min(size, 64 * 1024 * 1024));
  let checksum = 0;
  for (let rest = size; rest > 0; rest -= block.length) checksum = crc32(block.subarray(0, rest), checksum);
  return checksum;
}

test('an archive and a file in it beyond four gigabytes are proved to every byte of their records', async () => {
  const files = [
    { path: 'a.mov', size: 4 * GiB + 5 },
    { path: 'b.jpg', size: 3 },
  ];
  const { file, stock, layout, compare, literals, withChangedByte } = await setup(files);
  expect(stock.faults).toEqual([]);
  expect(stock.files.map(({ size }) => size)).toEqual([4 * GiB + 5, 3, 2]);
  expect(await compare()).toBeNull();
  for (const { start, size } of literals()) {
    for (let at = start; at < start + size; at += 1) {
      expect(await withChangedByte(at)).toMatch(new RegExp(`^Byte ${at}, .* is not what Sheaf writes`));
    }
  }
  await truncate(file, layout.size + 1);
  expect(await compare()).toBe(`Something follows the end of the archive, from byte ${layout.size} on.`);
  await truncate(file, layout.size - 1);
  expect(await compare()).toMatch(`Byte ${layout.size - 1}, after the last file,`);
}, 120_000);

test('more files than 65,535 are proved, with the larger end of their directory', async () => {
  const files = Array.from({ length: 65_536 }, (_, index) => ({ path: `folder/${index}.jpg`, size: 0 }));
  const { file, stock, layout, compare, withChangedByte } = await setup(files);
  expect(stock.files).toHaveLength(65_537);
  expect(await compare()).toBeNull();
  const { size } = await stat(file);
  expect(size).toBe(layout.size);
  for (let at = size - 98; at < size; at += 24)
    expect(await withChangedByte(at)).toMatch(`Byte ${at}, after the last file,`);
}, 120_000);

test('content that was read from another place than its own proves nothing', async () => {
  const { stock, compare } = await setup([{ path: 'a.jpg', size: 3 }]);
  expect(await compare()).toBeNull();
  for (const contentOffset of [0, null]) {
    const files = stock.files.map((found) => (found.path === 'a.jpg' ? { ...found, contentOffset } : found));
    expect(await compare({ ...stock, files })).toMatch(/a\.jpg, is not what Sheaf writes/);
  }
});

test('a path that no archive of Sheaf’s has is a fault, whoever signed it', async () => {
  const { archive, stock, expected } = await setup([{ path: 'a.jpg', size: 3 }]);
  const renamed = <T extends { path: string }>(files: T[]) =>
    files.map((file) => (file.path === 'a.jpg' ? { ...file, path: 'a//b.jpg' } : file));
  const unsafe = { ...expected, content: renamed(expected.content) };
  expect(await compareSegments(archive, unsafe, { ...stock, files: renamed(stock.files) })).toEqual({
    code: 'layout.changed',
    path: null,
    message: 'The archive is not laid out as Sheaf does it: An archive entry has an unsafe path.',
  });
});
