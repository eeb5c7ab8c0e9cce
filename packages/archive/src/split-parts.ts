import type { ArchiveEntry } from './archive-entry.ts';
import { sizeInArchive, sizeInDirectory } from './entry-segments.ts';
import { layoutArchive } from './layout-archive.ts';
import { endRecordsSize } from './zip-records.ts';

/** An entry of which only the length is known. */
export interface MeasuredEntry {
  path: string;
  modifiedAt: Date;
  /** Bytes. */
  size: number;
}

export interface SplitPartsOptions {
  /**
   * The closing entries of a part that holds these groups. Asked again for every group that is tried, so it should not
   * go through all of them.
   */
  closing?(groups: readonly number[]): readonly MeasuredEntry[];
}

export interface ArchivePart {
  /** Indexes of the groups, ascending. */
  groups: number[];
  /** Bytes of the part's archive, exactly: `layoutArchive` of its entries has this size. */
  size: number;
}

export interface SplitParts {
  parts: ArchivePart[];
  /** Groups that are alone in a part and still larger than `partSize`. */
  oversized: number[];
}

/** What the entries of a part take, but for what follows the directory. */
interface Measure {
  entries: number;
  /** With local headers. */
  content: number;
  /** The directory's bytes where no offset needs ZIP64, and where each does. */
  directory: number;
  directoryAtMost: number;
}

/**
 * Divides groups of entries, in their order, into archives of at most `partSize` bytes, each complete in itself. A group
 * (the files of one asset) is never separated, and one that is too large gets a part of its own.
 *
 * Beyond 4 GiB it is counted as if every offset needed ZIP64, since which ones do depends on what else is in the part:
 * such a part may end 12 bytes an entry before `partSize` though one group more would have fitted.
 */
export function splitParts(
  groups: readonly (readonly ArchiveEntry[])[],
  partSize: number,
  { closing = () => [] }: SplitPartsOptions = {},
): SplitParts {
  const parts: ArchivePart[] = [];
  const oversized: number[] = [];
  let part: number[] = [];
  let measure = measureOf([]);

  function finish() {
    if (measure.entries === 0) return;
    const entries = part.flatMap((group) => groups[group]!);
    const { size } = layoutArchive(entries, { closing: closing(part).map(unreadEntry) });
    parts.push({ groups: part, size });
    if (size > partSize) oversized.push(...part);
  }

  for (const [group, entries] of groups.entries()) {
    const added = measureOf(entries);
    part.push(group);
    const tried = sum(measure, added);
    if (measure.entries > 0 && sizeAtMost(sum(tried, measureOf(closing(part).map(unreadEntry)))) > partSize) {
      part.pop();
      finish();
      part = [group];
      measure = added;
    } else {
      measure = tried;
    }
  }
  finish();
  return { parts, oversized };
}

function measureOf(entries: readonly ArchiveEntry[]): Measure {
  const measure = { entries: entries.length, content: 0, directory: 0, directoryAtMost: 0 };
  for (const entry of entries) {
    measure.content += sizeInArchive(entry);
    measure.directory += sizeInDirectory(entry, 0);
    measure.directoryAtMost += sizeInDirectory(entry, Number.MAX_SAFE_INTEGER);
  }
  return measure;
}

function sum(a: Measure, b: Measure): Measure {
  return {
    entries: a.entries + b.entries,
    content: a.content + b.content,
    directory: a.directory + b.directory,
    directoryAtMost: a.directoryAtMost + b.directoryAtMost,
  };
}

function sizeAtMost({ entries, content, directory, directoryAtMost }: Measure): number {
  const size = content < 2 ** 32 - 1 ? directory : directoryAtMost;
  return content + size + endRecordsSize({ entries, offset: content, size });
}

function unreadEntry({ path, modifiedAt, size }: MeasuredEntry): ArchiveEntry {
  return { path, modifiedAt, blob: { sha256: '', size, crc32: 0 } };
}
