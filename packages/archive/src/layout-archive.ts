import { createHash, type Hash } from 'node:crypto';
import { AppError } from '@sheaf/domain/app-error';
import type { ArchiveEntry } from './archive-entry.ts';
import type { ArchiveLayout, Segment } from './archive-layout.ts';
import { checkPlaces, checkPlacesBeside } from './check-places.ts';
import { comparePaths } from './compare-paths.ts';
import { entrySegments, sizeInArchive, sizeInDirectory, zipFileOf } from './entry-segments.ts';
import { lastAtOrBefore } from './last-at-or-before.ts';
import { checkEntry, sortEntries } from './sort-entries.ts';
import { endRecords, endRecordsSize, writeDirectoryRecord } from './zip-records.ts';

/** Records of the central directory that are made at once, about 25 KB of them. */
const recordsPerBlock = 256;

/** Of lists of sorted entries, the hash of their whole blocks. */
const begunHashes = new WeakMap<readonly ArchiveEntry[], Hash>();

export interface LayoutOptions {
  /** Follow the other entries in this order, such as the manifest of this one archive. */
  closing?: readonly ArchiveEntry[];
}

/**
 * Where every byte of a stored ZIP of the entries comes from, without reading any of them. The order of `entries` does
 * not matter. They are not copied and must not change while the layout is used; beside them it holds at most 24 bytes an entry,
 * and makes headers when they are asked for.
 *
 * Throws `download.empty` where there is no entry at all, and `input.invalid` for an unsafe or repeated path, for a file
 * where another entry needs a folder, and for an impossible size, CRC-32 or time.
 */
export function layoutArchive(entries: Iterable<ArchiveEntry>, { closing = [] }: LayoutOptions = {}): ArchiveLayout {
  const sorted = sortEntries(entries);
  const all = closing.length === 0 ? sorted : withClosing(sorted, closing);
  if (all.length === 0) throw new AppError('download.empty', 'There is nothing to put into the archive.');

  /** Of each entry's local header, then of the central directory. */
  const offsets = new Float64Array(all.length + 1);
  const blocks = Math.ceil(all.length / recordsPerBlock);
  /** Of each block of the central directory, then of the end records. */
  const blockOffsets = new Float64Array(blocks + 1);

  let directorySize = 0;
  for (let index = 0; index < all.length; index += 1) {
    const entry = all[index]!;
    if (index % recordsPerBlock === 0) blockOffsets[index / recordsPerBlock] = directorySize;
    directorySize += sizeInDirectory(entry, offsets[index]!);
    offsets[index + 1] = offsets[index]! + sizeInArchive(entry);
  }
  blockOffsets[blocks] = directorySize;
  const directoryOffset = offsets[all.length]!;
  for (let block = 0; block <= blocks; block += 1) blockOffsets[block]! += directoryOffset;
  const directory = { entries: all.length, offset: directoryOffset, size: directorySize };
  const size = directoryOffset + directorySize + endRecordsSize(directory);
  if (!Number.isSafeInteger(size)) throw new AppError('input.invalid', 'The archive would be too large.');

  function directoryBlock(block: number): Buffer {
    const bytes = Buffer.allocUnsafe(blockOffsets[block + 1]! - blockOffsets[block]!);
    const first = block * recordsPerBlock;
    const end = Math.min(first + recordsPerBlock, all.length);
    let at = 0;
    for (let index = first; index < end; index += 1) {
      at = writeDirectoryRecord(bytes, at, zipFileOf(all[index]!), offsets[index]!);
    }
    return bytes;
  }

  function* segments(from: number): Generator<Segment> {
    if (from >= size) return;
    if (from < directoryOffset) {
      for (let index = lastAtOrBefore(offsets, from); index < all.length; index += 1) {
        for (const segment of entrySegments(all[index]!, offsets[index]!)) {
          if (segment.start + segment.size > from) yield segment;
        }
      }
    }
    const firstBlock = from < directoryOffset ? 0 : lastAtOrBefore(blockOffsets, from);
    for (let block = firstBlock; block < blocks; block += 1) {
      const bytes = directoryBlock(block);
      yield { start: blockOffsets[block]!, size: bytes.length, bytes };
    }
    const bytes = endRecords(directory);
    yield { start: blockOffsets[blocks]!, size: bytes.length, bytes };
  }

  function addToHash(hash: Hash, from: number, end: number): Hash {
    for (let block = from; block < end; block += 1) {
      hash.update(directoryBlock(block));
      const first = block * recordsPerBlock;
      hash.update(
        all
          .slice(first, first + recordsPerBlock)
          .map(digest)
          .join(''),
      );
    }
    return hash;
  }

  /**
   * The central directory says everything of the archive but the bytes that its CRC-32s stand for. Its whole blocks of
   * sorted entries are those of every archive of them, whatever follows: they are made for the first one.
   */
  function makeEtag(): string {
    const shared = Math.floor(sorted.length / recordsPerBlock);
    const begun = begunHashes.get(sorted) ?? addToHash(createHash('sha256'), 0, shared);
    begunHashes.set(sorted, begun);
    return `"${addToHash(begun.copy(), shared, blocks).digest('base64url')}"`;
  }

  let etag: string | undefined;
  return {
    size,
    entries: all.length,
    closingOffset: offsets[sorted.length]!,
    get etag() {
      etag ??= makeEtag();
      return etag;
    },
    entriesBefore: (offset) => lastAtOrBefore(offsets, offset),
    segments,
  };
}

function withClosing(sorted: readonly ArchiveEntry[], closing: readonly ArchiveEntry[]): ArchiveEntry[] {
  for (const entry of closing) checkEntry(entry);
  checkPlaces(closing.toSorted((a, b) => comparePaths(a.path, b.path)));
  checkPlacesBeside(sorted, closing);
  return sorted.concat(closing);
}

function digest(entry: ArchiveEntry): string {
  return 'blob' in entry ? entry.blob.sha256 : createHash('sha256').update(entry.bytes).digest('hex');
}
