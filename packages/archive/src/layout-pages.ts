import { AppError } from '@sheaf/domain/app-error';
import type { BlobEntry } from './archive-entry.ts';
import type { Segment, Segmented } from './archive-layout.ts';
import { comparePaths } from './compare-paths.ts';
import { entrySegments, sizeInArchive } from './entry-segments.ts';
import { lastAtOrBefore } from './last-at-or-before.ts';

/** Successive entries of an archive. */
export interface EntryPage {
  /** From 0. */
  number: number;
  /** Of its first local header in the archive. */
  offset: number;
  entries: BlobEntry[];
}

/**
 * The entries in pages, to be kept where an archive's content is to be read from any byte without going through all
 * that lies before it. The entries must have been through `sortEntries`; others throw `internal`.
 */
export function* pageEntries(sortedEntries: Iterable<BlobEntry>, pageSize = 256): Generator<EntryPage> {
  let page: EntryPage = { number: 0, offset: 0, entries: [] };
  let offset = 0;
  let previous: string | undefined;
  for (const entry of sortedEntries) {
    if (previous !== undefined && comparePaths(previous, entry.path) >= 0) {
      throw new AppError('internal', 'The entries of an archive are not in its order.', {
        detail: { path: entry.path },
      });
    }
    previous = entry.path;
    if (page.entries.length === pageSize) {
      yield page;
      page = { number: page.number + 1, offset, entries: [] };
    }
    page.entries.push(entry);
    offset += sizeInArchive(entry);
  }
  if (page.entries.length > 0) yield page;
}

export interface PagedContentOptions {
  /** Bytes of all entries with their headers: `closingOffset` of the archive. */
  size: number;
  /** Of each page, ascending. */
  offsets: readonly number[];
  /** The entries of one page. A page of another size than its offsets say fails with `internal`. */
  load(number: number): Promise<BlobEntry[]>;
}

/**
 * What lies before an archive's closing entries, the same segments as those of its layout. Loads only the pages that
 * are asked for, each while the one before is being read.
 */
export function pagedContent({ size, offsets, load }: PagedContentOptions): Segmented {
  async function* segments(from: number): AsyncGenerator<Segment> {
    if (from >= size) return;
    let number = lastAtOrBefore(offsets, from);
    let loading: Promise<BlobEntry[]> | undefined = load(number);
    while (loading !== undefined) {
      const entries: BlobEntry[] = await loading;
      const next = number + 1;
      loading = next < offsets.length ? load(next) : undefined;
      // Whoever awaits it next sees the failure; until then, and where nobody asks any more, it is not unhandled.
      loading?.catch(() => {});
      let start = offsets[number]!;
      for (const entry of entries) {
        for (const segment of entrySegments(entry, start)) {
          if (segment.start + segment.size > from) yield segment;
          start += segment.size;
        }
      }
      if (start !== (offsets[next] ?? size)) {
        throw new AppError('internal', 'A page of an archive has not the size it should have.', { detail: { number } });
      }
      number = next;
    }
  }
  return { size, segments };
}
