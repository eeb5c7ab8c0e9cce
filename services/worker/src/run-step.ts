import { setTimeout as pause } from 'node:timers/promises';
import { type Claim, claimDownload, type DownloadStep } from '@sheaf/db/downloads/claim-download';
import { forgiveCrash } from '@sheaf/db/downloads/forgive-crash';
import { CancelRequested } from './claim-interruptions.ts';
import { endedOrAbandoned } from './ended-or-abandoned.ts';
import { type HeldClaim, holdClaim } from './hold-claim.ts';
import { settleFailedRun } from './settle-failed-run.ts';
import { recordUnreadableBlob } from './unreadable-blob.ts';
import type { WorkerDeps } from './worker-deps.ts';

/** Together shorter than a lease, and than the time that a worker has to end. */
const settleAttempts = 12;
const settlePauseMs = 500;

/** The work of one step. It ends its own claim: by handing the download on, or by publishing or failing it. */
export type StepWork = (claim: Claim, held: HeldClaim) => Promise<void>;

/**
 * Runs a step of a download under a claim of its own. Does nothing where it is not this step's turn, or another worker
 * holds the download. Whatever the work throws is settled in the database: tried again later, failed, or cancelled.
 */
export async function runStep(
  deps: WorkerDeps,
  { downloadId, step }: { downloadId: string; step: DownloadStep },
  jobSignal: AbortSignal,
  work: StepWork,
): Promise<void> {
  const claim = await claimDownload(deps.db.orm, {
    downloadId,
    step,
    workerId: deps.workerId,
    leaseSeconds: deps.settings.LEASE_SECONDS,
  });
  if (claim === null) return;
  const held = holdClaim(deps, claim, jobSignal);
  try {
    if (claim.cancelRequested) throw new CancelRequested();
    await endedOrAbandoned(work(claim, held), held.signal, deps.storage.stallLimit);
  } catch (error) {
    // While the claim is held: it may have to read all of a file.
    const startsOver = await failedForOneFile(deps, claim, held.signal, error);
    await held.release();
    // What the work threw is then but a consequence.
    const cause = held.signal.aborted ? held.signal.reason : error;
    await settled(deps, claim, () => settleFailedRun(deps, claim, { cause, startsOver }, jobSignal));
  } finally {
    await held.release();
  }
}

/**
 * Writes down what came of a run, again where the connection breaks meanwhile: else the claim would stay with a worker that
 * has nothing to do with it any more, and pass for the crash of that worker once its lease has run out.
 */
async function settled({ db, logger }: WorkerDeps, claim: Claim, settle: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await settle();
      if (attempt > 1) await forgiveCrash(db.orm, claim);
      return;
    } catch (err) {
      if (attempt === settleAttempts) throw err;
      logger.warn({ err, downloadId: claim.downloadId, attempt }, 'what came of a step could not be written down');
      await pause(settlePauseMs);
    }
  }
}

/** Whether the last run that a step has failed for a file that cannot be read: it is set aside, and then there is a way on. */
async function failedForOneFile(
  deps: WorkerDeps,
  { attempts, downloadId }: Claim,
  signal: AbortSignal,
  error: unknown,
): Promise<boolean> {
  if (attempts + 1 < deps.policy.stepAttempts || signal.aborted) return false;
  try {
    const recording = recordUnreadableBlob(deps, error, { signal });
    // What is set aside is read by no step that begins anew.
    return await endedOrAbandoned(recording, signal, deps.storage.stallLimit);
  } catch (err) {
    deps.logger.warn({ err, downloadId }, 'what could not be read could not be set aside');
    return false;
  }
}
