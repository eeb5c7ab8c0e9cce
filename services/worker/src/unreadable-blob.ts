import { findBlob } from '@sheaf/db/catalogue/find-blob';
import { unreadableOf } from '@sheaf/storage/fault-of-error';
import { type VerifyOptions, verifyBlob } from '@sheaf/storage/verify-blob';
import { setAside } from './faulty-blob.ts';
import { storageAnswers } from './storage-answers.ts';
import type { WorkerDeps } from './worker-deps.ts';

/**
 * Sets the stored file aside whose medium did not give its bytes, as a damaged one: once it has been read again, in vain,
 * from a storage that otherwise answers. True where it is set aside, be it by another meanwhile. False, and nothing is
 * recorded, where the error says nothing of the kind, the file can be read after all, or the storage is failing as a
 * whole. Rejects as `verifyBlob` does.
 */
export async function recordUnreadableBlob(
  deps: Pick<WorkerDeps, 'db' | 'storage' | 'logger' | 'clock'>,
  error: unknown,
  options: VerifyOptions,
): Promise<boolean> {
  const sha256 = unreadableOf(error);
  const blob = sha256 === null ? null : await findBlob(deps.db.orm, sha256);
  if (blob === null) return false;
  if (blob.fault !== null) return true;
  if (!(await storageAnswers(deps, [blob.sha256]))) return false;
  const fault = await verifyBlob(deps.storage.blobs, blob, options).catch((again: unknown) => {
    if (unreadableOf(again) !== blob.sha256) throw again;
    return 'corrupt' as const;
  });
  if (fault === null) return false;
  await setAside(deps, { sha256: blob.sha256, fault });
  return true;
}
