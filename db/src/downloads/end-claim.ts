import type { AuditEvent } from '@sheaf/domain/audit-event';
import { statesBefore } from '@sheaf/domain/download-state';
import type { Executor } from '../database.ts';
import { insertNotifications } from '../notifications/insert-notifications.ts';
import { downloads } from '../schema/downloads.ts';
import { type ClaimKey, heldByClaim } from './held-by-claim.ts';

export interface EndOfDownload extends ClaimKey {
  state: 'failed' | 'cancelled';
  /** Why, for programs and for people; null when cancelled. */
  error: { code: string; message: string } | null;
  now: Date;
}

/**
 * Ends a download that is not ready yet, and says so. In a transaction, whose last statement is to append the event
 * that this returns to the audit log. Null when the claim no longer held.
 */
export async function endClaim(
  tx: Executor,
  { state, error, now, ...claim }: EndOfDownload,
): Promise<AuditEvent | null> {
  const ended = await tx
    .update(downloads)
    .set({ state, error, finishedAt: now, leaseUntil: null, workerId: null, objectsRemovedAt: null })
    .where(heldByClaim(claim, statesBefore(state)))
    .returning({ id: downloads.id });
  if (ended.length === 0) return null;
  const { downloadId, epoch } = claim;
  const event = state === 'failed' ? 'download.failed' : 'download.cancelled';
  await insertNotifications(tx, { downloadId, epoch, event, now });
  return { at: now, action: event, downloadId, detail: error === null ? {} : { error } };
}
