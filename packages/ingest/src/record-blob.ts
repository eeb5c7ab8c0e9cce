import { findBlob } from '@sheaf/db/catalogue/find-blob';
import { insertBlobs } from '@sheaf/db/catalogue/insert-blob';
import { lockBlobs } from '@sheaf/db/catalogue/lock-blobs';
import type { Database, Executor } from '@sheaf/db/database';
import { reviveBlob } from '@sheaf/db/storage-care/revive-blob';
import { AppError } from '@sheaf/domain/app-error';
import type { StoredBlob } from '@sheaf/storage/blob-store';
import type { Storage } from '@sheaf/storage/file-storage';

export type PutBlob = StoredBlob & { created: boolean };

/**
 * Records blobs that were just put, in the transaction that makes something refer to them. Throws a retryable
 * `blob.missing` where another upload of the same bytes was refused, and took them away, in between.
 */
export async function recordBlobs(tx: Executor, storage: Storage, blobs: readonly PutBlob[]): Promise<void> {
  await lockBlobs(
    tx,
    blobs.map(({ sha256 }) => sha256),
  );
  await Promise.all(blobs.map(({ sha256 }) => checkThere(storage, sha256)));
  await insertBlobs(tx, blobs);
}

/**
 * For a put: bytes that are known to be damaged, or that nobody knows, are replaced by those that come now; and bytes that
 * were about to be removed since nothing used them stay.
 */
export function keepWhole(db: Database): (sha256: string) => Promise<boolean> {
  return (sha256) => db.transaction((tx) => reviveBlob(tx, sha256));
}

/** `recordBlobs` for one. */
export async function recordBlob(tx: Executor, storage: Storage, blob: PutBlob): Promise<void> {
  await recordBlobs(tx, storage, [blob]);
}

async function checkThere(storage: Storage, sha256: string): Promise<void> {
  if ((await storage.blobs.stat(sha256)) !== null) return;
  throw new AppError('blob.missing', 'The file was removed while it was being added.', {
    retryable: true,
    detail: { sha256 },
  });
}

/** Removes the bytes of a put that came to nothing, unless they were there before or are recorded meanwhile. */
export async function discardBlob(db: Database, storage: Storage, blob: PutBlob): Promise<void> {
  if (!blob.created) return;
  await db.transaction(async (tx) => {
    await lockBlobs(tx, [blob.sha256]);
    if ((await findBlob(tx, blob.sha256)) === null) await storage.blobs.remove(blob.sha256);
  });
}
