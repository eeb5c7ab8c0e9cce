import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { type BundleFile, bundlePages, bundles } from '../schema/bundles.ts';
import { lockBundlesWhileKeeping } from '../storage-care/lock-bundles.ts';

export interface BundleContent {
  fingerprint: string;
  /** Bytes from the first header to the end of the last file. */
  contentSize: number;
  entries: number;
}

export interface BundlePage {
  /** From 0. */
  number: number;
  /** Where the header of its first file begins, in bytes. */
  offset: number;
  files: BundleFile[];
}

/** Pages in one statement: about a megabyte. */
const batchSize = 32;

/**
 * The id of the bundle with this content. Where there is none yet it is written, from `pages`; one that is there is kept
 * for another while, and its pages are not asked for. In a transaction.
 *
 * From its commit on, the blobs' rows are pinned; until then no blob is removed. One that was removed before, since its
 * asset was deleted long ago, is refused with the asset when the download is decided for the last time, before it is ready.
 */
export async function keepBundle(tx: Executor, content: BundleContent, pages: Iterable<BundlePage>): Promise<string> {
  await lockBundlesWhileKeeping(tx);
  const [bundle] = await tx
    .insert(bundles)
    .values(content)
    .onConflictDoUpdate({ target: bundles.fingerprint, set: { usedAt: sql`now()` } })
    .returning({ id: bundles.id, isNew: sql<boolean>`xmax = 0` });
  const { id: bundleId, isNew } = bundle!;
  if (!isNew) return bundleId;
  let batch: (typeof bundlePages.$inferInsert)[] = [];
  let writing: Promise<unknown> = Promise.resolve();
  // One is made while the one before is being written.
  const write = async () => {
    const before = writing;
    writing = tx.insert(bundlePages).values(batch).execute();
    // Whoever awaits it next sees the failure; until then it is not unhandled.
    writing.catch(() => {});
    batch = [];
    await before;
  };
  for (const page of pages) {
    batch.push({ ...page, bundleId, blobKeys: [...new Set(page.files.map(([, sha256]) => blobKey(sha256)))] });
    if (batch.length === batchSize) await write();
  }
  if (batch.length > 0) await write();
  await writing;
  return bundleId;
}

/** As much of a SHA-256 as a number holds exactly. */
function blobKey(sha256: string): number {
  return Number.parseInt(sha256.slice(0, 13), 16);
}
