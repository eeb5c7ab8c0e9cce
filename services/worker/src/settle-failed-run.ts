import type { Claim } from '@sheaf/db/downloads/claim-download';
import { endDownload } from '@sheaf/db/downloads/end-download';
import { handBackDownload } from '@sheaf/db/downloads/hand-back-download';
import { isCancelRequested } from '@sheaf/db/downloads/held-by-claim';
import { AppError } from '@sheaf/domain/app-error';
import { CancelRequested, ClaimLost } from './claim-interruptions.ts';
import type { WorkerDeps } from './worker-deps.ts';

/** Longest pause between two runs of a step. */
const longestBackOffMs = 5 * 60_000;

type SettleDeps = Pick<WorkerDeps, 'db' | 'clock' | 'logger' | 'policy'>;

/** Writes what comes of a step that did not end well. Throws only where the database cannot be reached. */
export async function settleFailedRun(
  { db, clock, logger, policy }: SettleDeps,
  claim: Claim,
  cause: unknown,
  jobSignal: AbortSignal,
): Promise<void> {
  const { downloadId, epoch, step } = claim;
  const log = logger.child({ downloadId, epoch, step });
  if (cause instanceof ClaimLost) {
    log.warn('claim lost');
    return;
  }
  // Nobody wants a download tried again, or reported as failed, that was cancelled meanwhile.
  if (cause instanceof CancelRequested || (await isCancelRequested(db.orm, claim))) {
    await db.transaction((tx) => endDownload(tx, { ...claim, state: 'cancelled', error: null, now: clock() }));
    log.info('download cancelled');
    return;
  }
  const mustLetGo = jobSignal.aborted && cause === jobSignal.reason && !isTimeout(cause);
  if (mustLetGo) {
    await db.transaction((tx) => handBackDownload(tx, { ...claim, next: step, failed: false, delayMs: 0 }));
    log.info('download handed back');
    return;
  }
  const attempt = claim.attempts + 1;
  const final = (cause instanceof AppError && !cause.retryable) || attempt >= policy.stepAttempts;
  log.warn({ err: cause, attempt, final }, 'step failed');
  if (final) {
    const error = errorForPeople(cause);
    await db.transaction((tx) => endDownload(tx, { ...claim, state: 'failed', error, now: clock() }));
    return;
  }
  const delayMs = Math.min(policy.stepBackOff * 2 ** (attempt - 1), longestBackOffMs);
  await db.transaction((tx) => handBackDownload(tx, { ...claim, next: step, failed: true, delayMs }));
}

/** A job that runs too long is stopped with `internal`; one that is stopped for any other reason is not to blame. */
function isTimeout(reason: unknown): boolean {
  return reason instanceof AppError && reason.code === 'internal';
}

function errorForPeople(cause: unknown): { code: string; message: string } {
  if (cause instanceof AppError) return { code: cause.code, message: cause.message };
  return { code: 'internal', message: 'The download could not be prepared.' };
}
