import { appendAuditEvent } from '@sheaf/db/audit/append-audit-event';
import { type FaultyBlob, listFaultyBlobs } from '@sheaf/db/catalogue/list-faulty-blobs';
import { markBlobFault } from '@sheaf/db/catalogue/mark-blob-fault';
import { reopenRenditions } from '@sheaf/db/catalogue/reopen-renditions';
import type { BlobFault } from '@sheaf/domain/rendition';
import { unreadableOf } from '@sheaf/storage/fault-of-error';
import { verifyBlob } from '@sheaf/storage/verify-blob';
import type { WorkerDeps } from './worker-deps.ts';

/** Blobs looked at in one go; the next one goes on. */
const limit = 100;
/** Read in one go to see whether damaged blobs are whole again, plus what is left of the last of them. */
const readLimit = 256 * 1024 * 1024;
/** A damaged blob is read again so often. */
const corruptSeconds = 10 * 60;

type RecheckDeps = Pick<WorkerDeps, 'db' | 'storage' | 'logger' | 'clock'>;

/**
 * Lifts the fault of blobs whose bytes are right again, as after a restored backup, and asks for the renditions that
 * failed for want of them. Rejects with `storage.unavailable` where nothing can be said.
 */
export async function recheckFaultyBlobs(
  deps: RecheckDeps,
  signal: AbortSignal = new AbortController().signal,
): Promise<void> {
  const { db, logger, clock } = deps;
  let read = 0;
  for (const blob of await listFaultyBlobs(db.orm, { limit, corruptSeconds })) {
    if (blob.fault === 'corrupt' && read >= readLimit) continue;
    if (blob.fault === 'corrupt') read += blob.size;
    const { sha256 } = blob;
    const fault = await faultOf(deps, blob, signal);
    if (fault !== null) {
      await markBlobFault(db.orm, sha256, fault);
      continue;
    }
    await db.transaction(async (tx) => {
      await markBlobFault(tx, sha256, null);
      await appendAuditEvent(tx, { at: clock(), action: 'blob.whole', detail: { sha256, was: blob.fault } });
    });
    logger.info({ sha256, was: blob.fault }, 'stored file is whole again');
  }
  await db.transaction((tx) => reopenRenditions(tx, limit));
}

/**
 * A missing one counts as whole with its size: whoever reads it verifies it. A damaged one had its size before, and stays
 * damaged while its medium does not give its bytes.
 */
async function faultOf({ storage }: RecheckDeps, blob: FaultyBlob, signal: AbortSignal): Promise<BlobFault | null> {
  const stored = await storage.blobs.stat(blob.sha256);
  if (stored === null) return 'missing';
  if (stored.size !== blob.size) return 'corrupt';
  if (blob.fault === 'missing') return null;
  return verifyBlob(storage.blobs, blob, { signal }).catch((error: unknown) => {
    if (unreadableOf(error) !== blob.sha256) throw error;
    return 'corrupt';
  });
}
