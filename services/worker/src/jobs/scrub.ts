import { isQueuePaused } from '@sheaf/db/queues/is-queue-paused';
import { claimScrub, releaseScrub } from '@sheaf/db/storage-care/claim-scrub';
import { listUnverifiedBlobs, type UnverifiedBlob } from '@sheaf/db/storage-care/list-unverified-blobs';
import { recordVerified } from '@sheaf/db/storage-care/record-verified';
import type { JobPayloads } from '@sheaf/queue/jobs';
import { verifyBlob } from '@sheaf/storage/verify-blob';
import { setAside } from '../faulty-blob.ts';
import { createPace } from '../pace.ts';
import { scrubObjects } from '../scrub-objects.ts';
import { recordUnreadableBlob } from '../unreadable-blob.ts';
import type { WorkerDeps } from '../worker-deps.ts';

type ScrubDeps = Pick<WorkerDeps, 'db' | 'storage' | 'logger' | 'clock' | 'settings' | 'workerId'>;

/** Blobs listed in one go. */
const limit = 100;
const leaseSeconds = 30;
/** How often the lease is extended, what was verified written down, and looked whether somebody has paused it. */
const renewMs = 5_000;
/** What opening a file counts as: of small ones, many would otherwise be read in a second. */
const openingBytes = 64 * 1024;
/** So many in a row of which nothing can be said, and it is the storage rather than the files. */
const mostUnreadable = 3;

/**
 * Reads stored files and then published archives again, at a limited rate and those first that were not verified for
 * longest, until none is due: what a disk has lost or changed is found before somebody needs it, and set aside. One worker at a time. Ends soon after
 * the signal aborts, with what it has verified written down: the next one goes on from there.
 */
export async function scrub(_payload: JobPayloads['scrub'], deps: ScrubDeps, signal: AbortSignal): Promise<void> {
  const { db, settings, workerId } = deps;
  if (settings.SCRUB_BYTES_PER_SECOND === 0 || signal.aborted) return;
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
  const unreadable = new Map<string, unknown>();
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
    const fault = await verifyBlob(storage.blobs, blob, { signal, pace });
    if (fault === null) whole.push(blob.sha256);
    else await setAside(deps, { sha256: blob.sha256, fault });
    await pace(Math.max(0, openingBytes - blob.size));
  }

  try {
    let inARow = 0;
    while (true) {
      const listed = await listUnverifiedBlobs(db.orm, { days: settings.SCRUB_DAYS, limit: limit + unreadable.size });
      const due = listed.filter(({ sha256 }) => !unreadable.has(sha256));
      if (due.length === 0) break;
      for (const blob of due) {
        signal.throwIfAborted();
        try {
          await read(blob);
          inARow = 0;
        } catch (error) {
          signal.throwIfAborted();
          if ((await recordUnreadableBlob(deps, error, { signal, pace }).catch(() => null)) !== null) continue;
          signal.throwIfAborted();
          // One that cannot be read must not keep the others from their turn.
          logger.warn({ err: error, sha256: blob.sha256 }, 'stored file could not be verified');
          unreadable.set(blob.sha256, error);
          inARow += 1;
          if (inARow >= mostUnreadable) throw error;
        }
      }
      await writeDown();
    }
    await scrubObjects(deps, { signal, pace });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await writeDown();
  }
  if (unreadable.size > 0 && !signal.aborted) {
    throw new AggregateError([...unreadable.values()], `${unreadable.size} stored files could not be verified.`);
  }
}
