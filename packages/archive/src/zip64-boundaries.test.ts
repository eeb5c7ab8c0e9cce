import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import type { BlobSource } from './blob-source.ts';
import { layoutArchive } from './layout-archive.ts';
import { seenByYauzl } from './layout-seen-by-yauzl.ts';
import { unreadEntry } from './layout-under-test.ts';
import { endRecords, endRecordsSize } from './zip-records.ts';

const max32 = 0xffffffff;
const GiB4 = 4 * 1024 ** 3;
const zip64Id = 0x0001;
const timestampId = 0x5455;
/** Of an entry with a name of one byte and a time. */
const plainHeader = 30 + 1 + 9;

/** Zeros, as many as are asked for. */
const zeros: BlobSource = {
  async open(_blob, { start, end }) {
    let rest = end + 1 - start;
    return new Readable({
      read() {
        const size = Math.min(rest, 65_536);
        rest -= size;
        this.push(size === 0 ? null : Buffer.alloc(size));
      },
    });
  },
};

/** The numbers of the ZIP64 field, or null where there is none. */
function zip64Values(fields: { id: number; data: Buffer }[]): number[] | null {
  const field = fields.find(({ id }) => id === zip64Id);
  if (field === undefined) return null;
  return Array.from({ length: field.data.length / 8 }, (_, index) => Number(field.data.readBigUInt64LE(8 * index)));
}

function parseFields(raw: Buffer): { id: number; data: Buffer }[] {
  const fields: { id: number; data: Buffer }[] = [];
  for (let at = 0; at < raw.length; ) {
    const size = raw.readUInt16LE(at + 2);
    fields.push({ id: raw.readUInt16LE(at), data: raw.subarray(at + 4, at + 4 + size) });
    at += 4 + size;
  }
  return fields;
}

/** Where ZIP64 ends the archive, what its records say. */
function endOf(tail: Buffer) {
  const end = tail.subarray(-22);
  expect(end.readUInt32LE(0)).toBe(0x06054b50);
  const plain = { entries: end.readUInt16LE(10), size: end.readUInt32LE(12), offset: end.readUInt32LE(16) };
  const [record, locator] = [tail.subarray(-98, -42), tail.subarray(-42, -22)];
  if (locator.length < 20 || locator.readUInt32LE(0) !== 0x07064b50) return { plain, zip64: null };
  expect(record.readUInt32LE(0)).toBe(0x06064b50);
  const number = (at: number) => Number(record.readBigUInt64LE(at));
  return { plain, zip64: { entries: number(32), size: number(40), offset: number(48) } };
}

test.each([
  { size: 0, zip64: false },
  { size: max32 - 1, zip64: false },
  { size: max32, zip64: true },
  { size: GiB4, zip64: true },
  { size: GiB4 + 1, zip64: true },
  { size: 10 * GiB4, zip64: true },
])('an entry of $size bytes has ZIP64 sizes in both headers: $zip64', async ({ size, zip64 }) => {
  const { zip, entries } = await seenByYauzl(layoutArchive([unreadEntry('a', size)]), zeros);
  const [entry] = entries;
  const local = await zip.readLocalFileHeaderPromise(entry!);

  expect(entry).toMatchObject({ uncompressedSize: size, compressedSize: size, relativeOffsetOfLocalHeader: 0 });
  expect(zip64Values(entry!.extraFields)).toEqual(zip64 ? [size, size] : null);
  expect(zip64Values(parseFields(local.extraField))).toEqual(zip64 ? [size, size] : null);
  const said = zip64 ? max32 : size;
  expect(local).toMatchObject({ uncompressedSize: said, compressedSize: said });
  const version = zip64 ? 45 : 10;
  expect([entry!.versionNeededToExtract, local.versionNeededToExtract]).toEqual([version, version]);
});

test.each([
  { offset: max32 - 1, zip64: false },
  { offset: max32, zip64: true },
  { offset: GiB4, zip64: true },
  { offset: GiB4 + 1, zip64: true },
])('an entry at $offset has a ZIP64 offset, and that alone: $zip64', async ({ offset, zip64 }) => {
  const layout = layoutArchive([unreadEntry('a', offset - plainHeader), unreadEntry('b', 5)]);
  const { zip, entries } = await seenByYauzl(layout, zeros);
  const [first, second] = entries;
  const local = await zip.readLocalFileHeaderPromise(second!);

  expect(zip64Values(first!.extraFields)).toBe(null);
  expect(second).toMatchObject({ fileName: 'b', uncompressedSize: 5, relativeOffsetOfLocalHeader: offset });
  expect(zip64Values(second!.extraFields)).toEqual(zip64 ? [offset] : null);
  expect(second!.versionNeededToExtract).toBe(zip64 ? 45 : 10);
  expect(zip64Values(parseFields(local.extraField))).toBe(null);
  expect(local.versionNeededToExtract).toBe(10);
});

test('an entry that needs ZIP64 for its sizes and its offset has all three, in the order of the format', async () => {
  const layout = layoutArchive([unreadEntry('a', GiB4), unreadEntry('b', GiB4 + 7)]);
  const { entries } = await seenByYauzl(layout, zeros);
  const offset = 30 + 1 + 20 + 9 + GiB4;
  expect(zip64Values(entries[1]!.extraFields)).toEqual([GiB4 + 7, GiB4 + 7, offset]);
});

test.each([
  { offset: max32 - 1, zip64: false },
  { offset: max32, zip64: true },
  { offset: GiB4, zip64: true },
])('a directory at $offset needs the ZIP64 end: $zip64', async ({ offset, zip64 }) => {
  // Two entries, neither of which needs ZIP64 itself.
  const layout = layoutArchive([unreadEntry('a', 1_000), unreadEntry('b', offset - 2 * plainHeader - 1_000)]);
  const { entries, tail } = await seenByYauzl(layout, zeros);
  expect(entries.map(({ extraFields }) => zip64Values(extraFields))).toEqual([null, null]);
  const size = 2 * (46 + 1 + 9);
  expect(endOf(tail)).toEqual({
    plain: { entries: 2, size, offset: Math.min(offset, max32) },
    zip64: zip64 ? { entries: 2, size, offset } : null,
  });
});

test.each([
  { count: 1, zip64: false },
  { count: 65_534, zip64: false },
  { count: 65_535, zip64: true },
  { count: 65_536, zip64: true },
  { count: 70_000, zip64: true },
])('$count entries need the ZIP64 end: $zip64', { timeout: 60_000 }, async ({ count, zip64 }) => {
  const paths = Array.from({ length: count }, (_, index) => `${String(index).padStart(6, '0')}.txt`);
  const layout = layoutArchive(paths.map((path) => unreadEntry(path)));
  const { zip, entries, tail } = await seenByYauzl(layout, zeros);

  expect(zip.entryCount).toBe(count);
  expect(entries.map(({ fileName }) => fileName)).toEqual(paths);
  expect(entries.every(({ extraFields }) => zip64Values(extraFields) === null)).toBe(true);
  const [size, offset] = [count * (46 + 10 + 9), count * (30 + 10 + 9)];
  expect(endOf(tail)).toEqual({
    plain: { entries: Math.min(count, 0xffff), size, offset },
    zip64: zip64 ? { entries: count, size, offset } : null,
  });
});

test.each([
  { size: max32 - 1, zip64: false },
  { size: max32, zip64: true },
])('a directory of $size bytes needs the ZIP64 end: $zip64', ({ size, zip64 }) => {
  const directory = { entries: 9, offset: 1_000, size };
  expect(endOf(endRecords(directory))).toEqual({
    plain: { ...directory, size: Math.min(size, max32) },
    zip64: zip64 ? directory : null,
  });
  expect(endRecords(directory)).toHaveLength(endRecordsSize(directory));
});

test('every entry says how it is stored: no descriptor, Unix mode 0644, UTF-8 only where it is needed', async () => {
  const modifiedAt = new Date('2026-03-04T05:06:09Z');
  const layout = layoutArchive([unreadEntry('plain.txt', 3, modifiedAt), unreadEntry('ö.txt', 3, modifiedAt)]);
  const { zip, entries } = await seenByYauzl(layout, zeros);
  for (const [index, entry] of entries.entries()) {
    const local = await zip.readLocalFileHeaderPromise(entry);
    const flags = index === 0 ? 0 : 0x800;
    expect(entry).toMatchObject({ generalPurposeBitFlag: flags, compressionMethod: 0, internalFileAttributes: 0 });
    expect(local).toMatchObject({ generalPurposeBitFlag: flags, compressionMethod: 0, crc32: entry.crc32 });
    expect(entry.externalFileAttributes >>> 16).toBe(0o100644);
    expect(entry.versionMadeBy >>> 8).toBe(3);
    expect(entry.extraFields.map(({ id }) => id)).toEqual([timestampId]);
    expect(entry.getLastModDate()).toEqual(modifiedAt);
    expect(entry.getLastModDate({ forceDosFormat: true, timezone: 'UTC' })).toEqual(new Date('2026-03-04T05:06:08Z'));
    expect(local.fileName).toEqual(entry.fileNameRaw);
    expect(local.extraField).toEqual(entry.extraFieldRaw);
  }
});
