import { finished } from 'node:stream/promises';
import { type FaultyBlob, listFaultyBlobs } from '@sheaf/db/catalogue/list-faulty-blobs';
import { markBlobFault } from '@sheaf/db/catalogue/mark-blob-fault';
import { reopenRenditions } from '@sheaf/db/catalogue/reopen-renditions';
import { AppError } from '@sheaf/domain/app-error';
import type { BlobFault } from '@sheaf/domain/rendition';
import { readVerified } from '@sheaf/storage/verified-read';
import type { WorkerDeps } from './worker-deps.ts';

/** Blobs looked at in one go; the next one goes on. */
const limit = 100;
/** Read in one go to see whether damaged blobs are whole again, plus what is left of the last of them. */
const readLimit = 256 * 1024 * 1024;
/** A damaged blob is read again so often. */
const corruptSeconds = 10 * 60;

type RecheckDeps = Pick<WorkerDeps, 'db' | 'storage' | 'logger'>;

/**
 * Lifts the fault of blobs whose bytes are right again, as after a restored backup, and asks for the renditions that
 * failed for want of them. Rejects with `storage.unavailable` where nothing can be said.
 */
export async function recheckFaultyBlobs(deps: RecheckDeps): Promise<void> {
  const { db, logger } = deps;
  let read = 0;
  for (const blob of await listFaultyBlobs(db.orm, { limit, corruptSeconds })) {
    if (blob.fault === 'corrupt' && read >= readLimit) continue;
    if (blob.fault === 'corrupt') read += blob.size;
    const fault = await faultOf(deps, blob);
    await markBlobFault(db.orm, blob.sha256, fault);
    if (fault === null) logger.info({ sha256: blob.sha256, was: blob.fault }, 'stored file is whole again');
  }
  await db.transaction((tx) => reopenRenditions(tx, limit));
}

/** A missing one counts as whole with its size: whoever reads it verifies it. A damaged one had its size before. */
async function faultOf({ storage }: RecheckDeps, blob: FaultyBlob): Promise<BlobFault | null> {
  const stored = await storage.blobs.stat(blob.sha256);
  if (stored === null) return 'missing';
  if (stored.size !== blob.size) return 'corrupt';
  if (blob.fault === 'missing') return null;
  try {
    await finished((await readVerified(storage.blobs, blob)).resume());
    return null;
  } catch (error) {
    if (error instanceof AppError && (error.code === 'blob.missing' || error.code === 'blob.corrupt')) {
      return error.code === 'blob.missing' ? 'missing' : 'corrupt';
    }
    throw error;
  }
}
