import { findBlob } from '@sheaf/db/catalogue/find-blob';
import { lockBlobs } from '@sheaf/db/catalogue/lock-blobs';
import { findUnrecorded } from '@sheaf/db/storage-care/find-unrecorded';
import { listSomeBlobs } from '@sheaf/db/storage-care/list-some-blobs';
import { markUnusedBlobs } from '@sheaf/db/storage-care/mark-unused-blobs';
import { nextFolder } from '@sheaf/db/storage-care/next-folder';
import { removeUnusedBlobs } from '@sheaf/db/storage-care/remove-unused-blobs';
import type { WorkerDeps } from './worker-deps.ts';

type RemovalDeps = Pick<WorkerDeps, 'db' | 'storage' | 'logger' | 'clock' | 'settings'>;

const dayMs = 24 * 60 * 60 * 1_000;
/** Blobs looked at in one statement, and how many of those in one go: the next one goes on. */
const page = 1_000;
const pages = 20;
/** Blobs forgotten in one transaction, and how many of those in one go. */
const batch = 100;
const batches = 5;
/** Files that a database names are looked for, before anything is removed for its not naming them. */
const sample = 20;

/** Removes stored files that nothing has used for a while, row first; what is left of that by a crash is found as unknown. */
export async function removeUnusedFiles(deps: RemovalDeps, signal: AbortSignal): Promise<void> {
  const { db, clock, logger, settings } = deps;
  for (let done = 0; done < pages; done += 1) {
    signal.throwIfAborted();
    if ((await db.transaction((tx) => markUnusedBlobs(tx, page))) < page) break;
  }
  for (let done = 0; done < batches; done += 1) {
    signal.throwIfAborted();
    const unusedDays = settings.UNUSED_FILE_DAYS;
    const removed = await db.transaction((tx) => removeUnusedBlobs(tx, { unusedDays, limit: batch }));
    if (removed.length === 0) return;
    const bytes = removed.reduce((sum, { size }) => sum + size, 0);
    logger.info({ files: removed.length, bytes }, 'unused files removed');
    // Whoever stores the same bytes anew from now on writes them anew, and those that were written a moment ago stay.
    const writtenBefore = new Date(clock().getTime() - dayMs);
    for (const { sha256 } of removed) await removeUnrecorded(deps, sha256, writtenBefore);
  }
}

/**
 * Removes files that no row knows, in one of the folders at a time: what was stored and never recorded, since somebody was
 * killed in between. Recording follows storing within seconds; they have as many days as any unused file. Removes nothing
 * where the database names no file or few that are there: it may be an empty one, or that of another storage.
 */
export async function removeUnknownFiles(deps: RemovalDeps, signal: AbortSignal): Promise<void> {
  const { db, storage, clock, logger, settings } = deps;
  const writtenBefore = new Date(clock().getTime() - settings.UNUSED_FILE_DAYS * dayMs);
  const unknown = await findUnrecorded(db.orm, await storage.blobs.names(await nextFolder(db.orm)));
  if (unknown.length === 0) return;
  if (!(await belongTogether(deps))) {
    logger.error(
      { unknown: unknown.length },
      'no unknown file removed: this seems to be the storage of another database',
    );
    return;
  }
  for (const sha256 of unknown) {
    signal.throwIfAborted();
    if (await removeUnrecorded(deps, sha256, writtenBefore)) logger.warn({ sha256 }, 'unknown file removed');
  }
}

async function belongTogether({ db, storage }: RemovalDeps): Promise<boolean> {
  const known = await listSomeBlobs(db.orm, sample);
  const stored = await Promise.all(known.map((sha256) => storage.blobs.stat(sha256)));
  return stored.filter((file) => file !== null).length > known.length / 2;
}

/** Under the lock that recording takes: bytes that were recorded a moment ago stay, as do those written since then. */
async function removeUnrecorded({ db, storage }: RemovalDeps, sha256: string, writtenBefore: Date): Promise<boolean> {
  return db.transaction(async (tx) => {
    await lockBlobs(tx, [sha256]);
    return (await findBlob(tx, sha256)) === null && (await storage.blobs.removeStale(sha256, writtenBefore));
  });
}
