import { open, readFile, stat, writeFile } from 'node:fs/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { openPromise } from 'yauzl';
import { setupBundles } from './testing/bundle.ts';
import { verifyArchive } from './verify-archive.ts';

test.each([
  ['zip', 2, 1],
  ['zip', 1, 3],
  ['tar', 1, 3],
] as const)(
  'a %s of layout %i with any single byte changed is rejected',
  async (format, layout, step) => {
    const bundles = await setupBundles();
    const file = await bundles.write({ format, layout, contents: [Buffer.from('boat')] });
    const { size } = await stat(file);
    const handle = await open(file, 'r+');
    const accepted: number[] = [];
    const byte = Buffer.alloc(1);
    for (let offset = 0; offset < size; offset += step) {
      await handle.read(byte, 0, 1, offset);
      const before = byte[0]!;
      byte[0] = before ^ (1 << (offset % 8));
      await handle.write(byte, 0, 1, offset);
      if ((await verifyArchive(file, bundles.keys)).genuine) accepted.push(offset);
      byte[0] = before;
      await handle.write(byte, 0, 1, offset);
    }
    await handle.close();
    expect(accepted).toEqual([]);
    expect((await verifyArchive(file, bundles.keys)).faults).toEqual([]);
  },
  180_000,
);

test('a tar.gz with a byte of the tar within changed is rejected, and one that was only compressed anew is not', async () => {
  const bundles = await setupBundles();
  const file = await bundles.write({ format: 'tar.gz' });
  const tar = gunzipSync(await readFile(file));
  await writeFile(file, gzipSync(tar, { level: 9 }));
  expect((await verifyArchive(file, bundles.keys)).faults).toEqual([]);
  for (let offset = 0; offset < tar.length; offset += 97) {
    const changed = Buffer.from(tar);
    changed[offset]! ^= 0x10;
    await writeFile(file, gzipSync(changed));
    expect((await verifyArchive(file, bundles.keys)).faults, `byte ${offset}`).not.toEqual([]);
  }
});

/** The bytes of compressed content in a ZIP: from where, and how many. */
async function compressedRanges(file: string): Promise<{ start: number; length: number }[]> {
  const zip = await openPromise(file, { lazyEntries: true, autoClose: false });
  const ranges = [];
  for await (const entry of zip.eachEntry()) {
    const { fileDataStart: start } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
    if (entry.compressionMethod === 8) ranges.push({ start, length: entry.compressedSize });
  }
  zip.close();
  return ranges;
}

test('a deflated zip with any single byte changed is rejected, but for the bits that fill up a compressed file', async () => {
  const bundles = await setupBundles();
  const contents = [Buffer.from('boat, house, boat, house'), Buffer.alloc(0)];
  const file = await bundles.write({ compression: 'deflate', contents, extension: 'txt' });
  const ranges = await compressedRanges(file);
  const bytes = await readFile(file);
  const accepted: number[] = [];
  for (let offset = 0; offset < bytes.length; offset += 1) {
    const changed = Buffer.from(bytes);
    changed[offset]! ^= 1 << (offset % 8);
    await writeFile(file, changed);
    if ((await verifyArchive(file, bundles.keys)).genuine) accepted.push(offset);
  }
  const lastBytes = ranges.map(({ start, length }) => start + length - 1);
  expect(ranges).toHaveLength(5);
  expect(accepted.filter((offset) => !lastBytes.includes(offset))).toEqual([]);
  await writeFile(file, bytes);
  expect((await verifyArchive(file, bundles.keys)).faults).toEqual([]);
}, 180_000);

test.each<[string, (bytes: Buffer) => Buffer[]]>([
  ['before its start', (bytes) => [Buffer.from('PK'), bytes]],
  ['after its end', (bytes) => [bytes, Buffer.from('more')]],
  ['in a comment', (bytes) => [bytes.subarray(0, -2), Buffer.from([4, 0]), Buffer.from('more')]],
])('a deflated zip with something %s is rejected', async (_where, change) => {
  const bundles = await setupBundles();
  const file = await bundles.write({ compression: 'deflate', extension: 'txt' });
  await writeFile(file, Buffer.concat(change(await readFile(file))));
  expect((await verifyArchive(file, bundles.keys)).faults).not.toEqual([]);
});

test.each([
  ['between two files', (start: number, length: number) => start + length + 16, 0],
  ['within a file, after its compressed content', (start: number, length: number) => start + length, 4],
])(
  'a deflated zip with something hidden %s, and a directory that allows for it, is rejected',
  async (_where, place, grown) => {
    const bundles = await setupBundles();
    const file = await bundles.write({ compression: 'deflate', extension: 'txt' });
    const bytes = await readFile(file);
    const { start, length } = (await compressedRanges(file))[0]!;
    const at = place(start, length);
    const hidden = Buffer.concat([bytes.subarray(0, at), Buffer.from('more'), bytes.subarray(at)]);
    if (grown > 0) hidden.writeUInt32LE(length + grown, start + length + 4 + 8);
    const end = hidden.length - 22;
    const directory = hidden.readUInt32LE(end + 16) + 4;
    hidden.writeUInt32LE(directory, end + 16);
    for (let entry = directory, index = 0; entry < end; index++) {
      if (index === 0) hidden.writeUInt32LE(length + grown, entry + 20);
      else hidden.writeUInt32LE(hidden.readUInt32LE(entry + 42) + 4, entry + 42);
      entry += 46 + hidden.readUInt16LE(entry + 28) + hidden.readUInt16LE(entry + 30);
    }
    await writeFile(file, hidden);
    const { faults } = await verifyArchive(file, bundles.keys);
    expect(faults.map(({ code }) => code)).toEqual(['layout.changed']);
  },
);
