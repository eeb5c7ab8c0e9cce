import { crc32 } from 'node:zlib';
import { type ArchiveEntry, entrySize } from './archive-entry.ts';
import type { Segment } from './archive-layout.ts';
import { directoryRecordSize, localHeader, localHeaderSize, type ZipFile } from './zip-records.ts';

/** Up to this size an entry's own bytes are copied behind its header, so that both are one segment. */
const joinedBytes = 64 * 1024;

/** The entry as its headers describe it. */
export function zipFileOf(entry: ArchiveEntry): ZipFile {
  return {
    path: entry.path,
    modifiedAt: entry.modifiedAt,
    size: entrySize(entry),
    crc32: 'blob' in entry ? entry.blob.crc32 : crc32(entry.bytes),
  };
}

/** Bytes that the entry takes in an archive before its central directory. */
export function sizeInArchive(entry: ArchiveEntry): number {
  const size = entrySize(entry);
  return localHeaderSize(unreadFile(entry, size)) + size;
}

/** Bytes that the entry, its local header at `offset`, takes in the central directory. */
export function sizeInDirectory(entry: ArchiveEntry, offset: number): number {
  return directoryRecordSize(unreadFile(entry, entrySize(entry)), offset);
}

/** Enough to measure headers: the CRC-32 does not change their length. */
function unreadFile({ path, modifiedAt }: ArchiveEntry, size: number): ZipFile {
  return { path, modifiedAt, size, crc32: 0 };
}

/** The entry's local header and content, the header at `start`. */
export function entrySegments(entry: ArchiveEntry, start: number): Segment[] {
  const header = localHeader(zipFileOf(entry));
  if ('bytes' in entry && entry.bytes.length <= joinedBytes) {
    const bytes = Buffer.concat([header, entry.bytes]);
    return [{ start, size: bytes.length, bytes }];
  }
  const segments: Segment[] = [{ start, size: header.length, bytes: header }];
  const size = entrySize(entry);
  if (size === 0) return segments;
  const content = { start: start + header.length, size };
  segments.push(
    'blob' in entry ? { ...content, blob: entry.blob, path: entry.path } : { ...content, bytes: entry.bytes },
  );
  return segments;
}
