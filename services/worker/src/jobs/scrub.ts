import { isQueuePaused } from '@sheaf/db/queues/is-queue-paused';
import { claimScrub, releaseScrub } from '@sheaf/db/storage-care/claim-scrub';
import { listUnverifiedBlobs, type UnverifiedBlob } from '@sheaf/db/storage-care/list-unverified-blobs';
import { listUnverifiedObjects } from '@sheaf/db/storage-care/list-unverified-objects';
import { recordVerified } from '@sheaf/db/storage-care/record-verified';
import type { JobPayloads } from '@sheaf/queue/jobs';
import { verifyBlob } from '@sheaf/storage/verify-blob';
import { setAside } from '../faulty-blob.ts';
import { lookAtObject } from '../look-at-object.ts';
import { createPace } from '../pace.ts';
import { createScrubPass } from '../scrub-pass.ts';
import { recordUnreadableBlob } from '../unreadable-blob.ts';
import type { WorkerDeps } from '../worker-deps.ts';

type ScrubDeps = Pick<WorkerDeps, 'db' | 'storage' | 'logger' | 'clock' | 'settings' | 'workerId'>;

const leaseSeconds = 30;
/** How often the lease is extended, what was verified written down, and looked whether somebody has paused it. */
const renewMs = 5_000;
/** What opening a file counts as: of small ones, many would otherwise be read in a second. */
const openingBytes = 64 * 1024;

/**
 * Reads published archives and stored files again, by turns, at a limited rate and those first that were not verified
 * for longest, until none is due: what a disk has lost or changed is found before somebody needs it, and set aside. One
 * worker at a time. Ends soon after the signal aborts, with what it has verified written down: the next one goes on from
 * there.
 */
export async function scrub(_payload: JobPayloads['scrub'], deps: ScrubDeps, signal: AbortSignal): Promise<void> {
  const { db, settings, workerId } = deps;
  // What is due after 0 days is due at once when it has been read: without this, for ever.
  if (settings.SCRUB_BYTES_PER_SECOND === 0 || settings.SCRUB_DAYS === 0 || signal.aborted) return;
  if (!(await claimScrub(db.orm, { workerId, leaseSeconds }))) return;
  try {
    await readDue(deps, signal);
  } finally {
    await releaseScrub(db.orm, workerId);
  }
}

async function readDue(deps: ScrubDeps, jobSignal: AbortSignal): Promise<void> {
  const { db, storage, logger, settings } = deps;
  const lost = new AbortController();
  const signal = AbortSignal.any([jobSignal, lost.signal]);
  const wait = createPace(settings.SCRUB_BYTES_PER_SECOND, signal);
  let whole: string[] = [];
  let renewedAt = performance.now();

  async function writeDown(): Promise<void> {
    const verified = whole;
    whole = [];
    await recordVerified(db.orm, verified);
  }

  async function pace(bytes: number): Promise<void> {
    await wait(bytes);
    if (performance.now() - renewedAt < renewMs) return;
    renewedAt = performance.now();
    await writeDown();
    const mayGoOn =
      (await claimScrub(db.orm, { workerId: deps.workerId, leaseSeconds })) && !(await isQueuePaused(db.orm, 'scrub'));
    if (!mayGoOn) lost.abort();
  }

  async function read(blob: UnverifiedBlob): Promise<void> {
    try {
      const fault = await verifyBlob(storage.blobs, blob, { signal, pace });
      if (fault === null) whole.push(blob.sha256);
      else await setAside(deps, { sha256: blob.sha256, fault });
    } catch (error) {
      signal.throwIfAborted();
      if (!(await recordUnreadableBlob(deps, error, { signal, pace }).catch(() => false))) throw error;
    }
    await pace(Math.max(0, openingBytes - blob.size));
  }

  const archives = createScrubPass({
    ...{ what: 'archives', logger, signal },
    list: (limit) => listUnverifiedObjects(db.orm, limit),
    keyOf: ({ objectKey }) => objectKey,
    look: (object) => lookAtObject(deps, object, { signal, pace }),
  });
  const files = createScrubPass({
    ...{ what: 'stored files', logger, signal },
    list: (limit) => listUnverifiedBlobs(db.orm, { days: settings.SCRUB_DAYS, limit }),
    keyOf: ({ sha256 }) => sha256,
    look: read,
  });

  try {
    await takeTurns([archives, files], { signal, writeDown });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await writeDown();
  }
}

/** Neither keeps the other from its turn, be it by what there is of it or by what is wrong with it. */
async function takeTurns(
  passes: (() => Promise<boolean>)[],
  { signal, writeDown }: { signal: AbortSignal; writeDown(): Promise<void> },
): Promise<void> {
  const errors: unknown[] = [];
  const left = new Set(passes);
  while (left.size > 0) {
    for (const pass of left) {
      const isMore = await pass().catch((error: unknown) => {
        signal.throwIfAborted();
        errors.push(error);
        return false;
      });
      if (!isMore) left.delete(pass);
      await writeDown();
    }
  }
  if (errors.length > 1) throw new AggregateError(errors, 'Neither archives nor stored files could all be verified.');
  if (errors.length > 0) throw errors[0];
}
