import { markBlobFault } from '@sheaf/db/catalogue/mark-blob-fault';
import type { Outcome } from '@sheaf/domain/outcome';
import type { BlobFault } from '@sheaf/domain/rendition';
import { doubtfulFiles } from './doubtful-files.ts';
import type { WorkerDeps } from './worker-deps.ts';

type KnownBlob = { sha256: string; size: number };

/** Enough to keep a disk busy and the threads that ask it: 16 took a third longer. */
const concurrency = 64;

/** So few are asked for one by one before a thread has started. */
const fewBlobs = 1_000;

/** The distinct stored files that these outcomes put into an archive. Entries still to be rendered have none. */
export function blobsOf(outcomes: Iterable<Pick<Outcome, 'entries'>>): KnownBlob[] {
  const bySha256 = new Map<string, KnownBlob>();
  for (const { entries } of outcomes) {
    for (const { sha256, size } of entries) {
      if (sha256 !== null && size !== null) bySha256.set(sha256, { sha256, size });
    }
  }
  return [...bySha256.values()];
}

/**
 * Looks whether each blob is there with its size, and records those that are not as faulty, so that the next decision
 * leaves them out. Returns how many those are. Their bytes are verified when they are read.
 */
export async function checkBlobs(
  { db, storage, logger }: Pick<WorkerDeps, 'db' | 'storage' | 'logger'>,
  blobs: readonly KnownBlob[],
  signal: AbortSignal,
): Promise<number> {
  let faulty = 0;
  const doubtful = blobs.length < fewBlobs ? blobs : await doubtfulBlobs(storage, blobs, signal);
  const remaining = doubtful.values();

  async function checkRemaining(): Promise<void> {
    for (const { sha256, size } of remaining) {
      signal.throwIfAborted();
      const stored = await storage.blobs.stat(sha256);
      const fault: BlobFault | null = stored === null ? 'missing' : stored.size === size ? null : 'corrupt';
      if (fault === null) continue;
      faulty += 1;
      logger.error({ sha256, fault }, 'stored file is faulty');
      await markBlobFault(db.orm, sha256, fault);
    }
  }

  await Promise.all(Array.from({ length: concurrency }, checkRemaining));
  return faulty;
}

/** Those of which it is not certain that they are there: all, where the storage has no files. */
async function doubtfulBlobs(
  { blobs: store }: WorkerDeps['storage'],
  blobs: readonly KnownBlob[],
  signal: AbortSignal,
): Promise<readonly KnownBlob[]> {
  const files = blobs.flatMap(({ sha256, size }) => {
    const path = store.path(sha256);
    return path === null ? [] : [{ path, size }];
  });
  if (files.length < blobs.length) return blobs;
  return (await doubtfulFiles(files, signal)).map((index) => blobs[index]!);
}
