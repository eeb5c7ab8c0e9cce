import type { BlobEntry } from '@sheaf/archive/archive-entry';
import { layoutArchive } from '@sheaf/archive/layout-archive';
import { pageEntries } from '@sheaf/archive/layout-pages';
import { type BundleContent, type BundlePage, keepBundle } from '@sheaf/db/bundles/keep-bundle';
import type { WorkerDeps } from './worker-deps.ts';

/**
 * Keeps a part's content, in the archive's order, for whoever streams it; the id of its bundle, which other downloads of
 * the same may share.
 */
export async function keepContent({ db }: Pick<WorkerDeps, 'db'>, content: readonly BlobEntry[]): Promise<string> {
  const { etag, closingOffset, entries } = layoutArchive(content);
  const bundle: BundleContent = { fingerprint: etag.slice(1, -1), contentSize: closingOffset, entries };
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
