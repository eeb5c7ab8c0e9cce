import type { AuditEvent } from '@sheaf/domain/audit-event';
import { statesBefore } from '@sheaf/domain/download-state';
import type { Executor } from '../database.ts';
import { insertNotifications } from '../notifications/insert-notifications.ts';
import { downloads } from '../schema/downloads.ts';
import type { DownloadStep } from './claim-download.ts';
import { type ClaimKey, heldByClaim } from './held-by-claim.ts';

export interface EndOfDownload extends ClaimKey {
  state: 'failed' | 'cancelled';
  /** Why, for programs and for people; null when cancelled. */
  error: { code: string; message: string } | null;
  /** During which step; where it is not known, the state says. */
  step?: DownloadStep | undefined;
  /** What failures of the same code are told apart by. */
  cause?: string | undefined;
  now: Date;
}

/**
 * Ends a download that is not ready yet, and says so. In a transaction, whose last statement is to append the event
 * that this returns to the audit log. Null when the claim no longer held.
 */
export async function endClaim(
  tx: Executor,
  { state, error, step, cause, now, ...claim }: EndOfDownload,
): Promise<AuditEvent | null> {
  const ended = await tx
    .update(downloads)
    .set({
      state,
      error,
      failure: failureOf(error, step, cause),
      finishedAt: now,
      leaseUntil: null,
      workerId: null,
      objectsRemovedAt: null,
    })
    .where(heldByClaim(claim, statesBefore(state)))
    .returning({ id: downloads.id });
  if (ended.length === 0) return null;
  const { downloadId, epoch } = claim;
  const event = state === 'failed' ? 'download.failed' : 'download.cancelled';
  await insertNotifications(tx, { downloadId, epoch, event, now });
  return { at: now, action: event, downloadId, detail: error === null ? {} : { error } };
}

/** Null leaves it to the database, which knows code and state. */
function failureOf(
  error: EndOfDownload['error'],
  step: DownloadStep | undefined,
  cause: string | undefined,
): string | null {
  if (error === null || step === undefined) return null;
  return [error.code, step, ...(cause === undefined ? [] : [cause.slice(0, 100)])].join('/');
}
