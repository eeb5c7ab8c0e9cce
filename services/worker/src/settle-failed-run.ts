import { noteStepError } from '@sheaf/db/download-detail/note-step-error';
import type { Claim } from '@sheaf/db/downloads/claim-download';
import { endDownload } from '@sheaf/db/downloads/end-download';
import { forgiveCrash } from '@sheaf/db/downloads/forgive-crash';
import { handBackDownload } from '@sheaf/db/downloads/hand-back-download';
import { isCancelRequested } from '@sheaf/db/downloads/held-by-claim';
import { AppError } from '@sheaf/domain/app-error';
import { errorMessage, errorStack } from '@sheaf/runtime/loggable-error';
import { CancelRequested, ClaimLost } from './claim-interruptions.ts';
import type { WorkerDeps } from './worker-deps.ts';

/** Longest pause between two runs of a step. */
const longestBackOffMs = 5 * 60_000;
/** Of a stack with those of its causes, in characters. */
const longestStack = 16_000;

type SettleDeps = Pick<WorkerDeps, 'db' | 'clock' | 'logger' | 'policy'>;

export interface FailedRun {
  cause: unknown;
  /** Whether what it failed for will be left out when the download is gathered anew. */
  startsOver: boolean;
}

/** Writes what comes of a step that did not end well. Throws only where the database cannot be reached. */
export async function settleFailedRun(
  { db, clock, logger, policy }: SettleDeps,
  claim: Claim,
  { cause, startsOver }: FailedRun,
  jobSignal: AbortSignal,
): Promise<void> {
  const { downloadId, epoch, step } = claim;
  const log = logger.child({ downloadId, epoch, step });
  if (cause instanceof ClaimLost) {
    log.warn('claim lost');
    await forgiveCrash(db.orm, claim).catch((err: unknown) => log.warn({ err }, 'crash not forgiven'));
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
  if (startsOver) {
    await db.transaction((tx) => handBackDownload(tx, { ...claim, next: 'gather', failed: false, delayMs: 0 }));
    log.warn({ err: cause }, 'download handed back without what cannot be read');
    return;
  }
  const attempt = claim.attempts + 1;
  const final = (cause instanceof AppError && !cause.retryable) || attempt >= policy.stepAttempts;
  log.warn({ err: cause, attempt, final }, 'step failed');
  const error = errorForPeople(cause);
  const noted = { code: error.code, message: errorMessage(cause), stack: errorStack(cause).slice(0, longestStack) };
  if (final) {
    await db.transaction(async (tx) => {
      await noteStepError(tx, claim, noted);
      await endDownload(tx, { ...claim, state: 'failed', error, cause: causeOf(cause), now: clock() });
    });
    return;
  }
  const delayMs = Math.min(policy.stepBackOff * 2 ** (attempt - 1), longestBackOffMs);
  await db.transaction(async (tx) => {
    await noteStepError(tx, claim, noted);
    await handBackDownload(tx, { ...claim, next: step, failed: true, delayMs });
  });
}

/** What failures of the same code are told apart by: the rendition that could not be made, say. */
function causeOf(cause: unknown): string | undefined {
  const rendition = cause instanceof AppError ? cause.detail.rendition : undefined;
  return typeof rendition === 'string' ? rendition : undefined;
}

/** A job that runs too long is stopped with `internal`; one that is stopped for any other reason is not to blame. */
function isTimeout(reason: unknown): boolean {
  return reason instanceof AppError && reason.code === 'internal';
}

function errorForPeople(cause: unknown): { code: string; message: string } {
  if (cause instanceof AppError) return { code: cause.code, message: cause.message };
  return { code: 'internal', message: 'The download could not be prepared.' };
}
