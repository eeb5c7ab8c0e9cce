import type { ArchiveEntry, BlobEntry } from '@sheaf/archive/archive-entry';
import type { ArchiveLayout } from '@sheaf/archive/archive-layout';
import { layoutArchive } from '@sheaf/archive/layout-archive';
import { pageEntries } from '@sheaf/archive/layout-pages';
import { sortEntries } from '@sheaf/archive/sort-entries';
import { type BundleContent, type BundlePage, keepBundle } from '@sheaf/db/bundles/keep-bundle';
import type { WorkerDeps } from './worker-deps.ts';

/** A part of a download of which every byte is known before one is read. */
export interface PartLayout {
  archive: ArchiveLayout;
  /** In the archive's order; Sheaf's own files follow. */
  content: BlobEntry[];
}

export function layOutPart(content: readonly BlobEntry[], closing: readonly ArchiveEntry[]): PartLayout {
  const sorted = sortEntries(content);
  return { archive: layoutArchive(sorted, { closing }), content: sorted };
}

/** Keeps the part's content for whoever streams it; the id of its bundle, which other downloads of the same may share. */
export async function keepContent({ db }: Pick<WorkerDeps, 'db'>, { archive, content }: PartLayout): Promise<string> {
  const bundle: BundleContent = {
    fingerprint: layoutArchive(content).etag.slice(1, -1),
    contentSize: archive.closingOffset,
    entries: content.length,
  };
  return db.transaction((tx) => keepBundle(tx, bundle, pagesOf(content)));
}

function* pagesOf(content: readonly BlobEntry[]): Generator<BundlePage> {
  for (const { number, offset, entries } of pageEntries(content)) {
    const files = entries.map(({ path, blob, modifiedAt }): BundlePage['files'][number] => [
      path,
      blob.sha256,
      blob.size,
      blob.crc32,
      Math.floor(modifiedAt.getTime() / 1_000),
    ]);
    yield { number, offset, files };
  }
}
