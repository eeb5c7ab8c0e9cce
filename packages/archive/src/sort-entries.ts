import { AppError } from '@sheaf/domain/app-error';
import { type ArchiveEntry, isSafePath } from './archive-entry.ts';

/**
 * The entries in the order in which an archive holds them: by their paths' UTF-8 bytes, whatever order they come in.
 * Throws `input.invalid` for an entry that no archive can hold, and for two with the same path.
 */
export function sortEntries<E extends ArchiveEntry>(entries: Iterable<E>): E[] {
  const sorted = Array.from(entries);
  for (const entry of sorted) checkEntry(entry);
  if (!isAscending(sorted)) sorted.sort((a, b) => comparePaths(a.path, b.path));
  for (let index = 1; index < sorted.length; index += 1) {
    if (sorted[index]!.path === sorted[index - 1]!.path) throw duplicatePath(sorted[index]!.path);
  }
  return sorted;
}

/** The order of the paths' UTF-8 bytes, without encoding them. */
export function comparePaths(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return codePointRank(left) - codePointRank(right);
  }
  return a.length - b.length;
}

/** UTF-16 sorts surrogates, which stand for the highest code points, before U+E000 to U+FFFF. */
function codePointRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

function isAscending(entries: readonly ArchiveEntry[]): boolean {
  for (let index = 1; index < entries.length; index += 1) {
    if (comparePaths(entries[index - 1]!.path, entries[index]!.path) > 0) return false;
  }
  return true;
}

/** Throws `input.invalid` unless an archive can hold the entry. */
export function checkEntry(entry: ArchiveEntry): void {
  const { path, modifiedAt } = entry;
  if (!isSafePath(path))
    throw new AppError('input.invalid', 'An archive entry has an unsafe path.', { detail: { path } });
  if (Number.isNaN(modifiedAt.getTime())) {
    throw new AppError('input.invalid', 'An archive entry has no valid time.', { detail: { path } });
  }
  if ('bytes' in entry) return;
  const { size, crc32 } = entry.blob;
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new AppError('input.invalid', 'An archive entry has no valid size.', { detail: { path, size } });
  }
  if (crc32 >>> 0 !== crc32) {
    throw new AppError('input.invalid', 'An archive entry has no valid CRC-32.', { detail: { path, crc32 } });
  }
}

export function duplicatePath(path: string): AppError {
  return new AppError('input.invalid', 'Two entries of an archive have the same path.', { detail: { path } });
}
