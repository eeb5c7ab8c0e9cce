import { and, eq, isNotNull, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { bulkActions } from '../schema/bulk-actions.ts';

export interface BulkClaimKey {
  id: string;
  epoch: number;
}

/** The fence of everything that a worker writes of a bulk action. */
export const heldBulkAction = ({ id, epoch }: BulkClaimKey) =>
  and(
    eq(bulkActions.id, id),
    eq(bulkActions.epoch, epoch),
    eq(bulkActions.state, 'running'),
    isNotNull(bulkActions.leaseUntil),
  );

/**
 * Extends a claim's lease, counts what was done since, and tells whether somebody asked for the action to end. Null when
 * the claim no longer holds. With what was done in one transaction, each target is counted once whatever crashes.
 */
export async function holdBulkAction(
  executor: Executor,
  claim: BulkClaimKey,
  { leaseSeconds, done, skipped }: { leaseSeconds: number; done: number; skipped: number },
): Promise<{ cancelRequested: boolean } | null> {
  const [row] = await executor
    .update(bulkActions)
    .set({
      leaseUntil: sql`now() + ${leaseSeconds} * interval '1 second'`,
      done: sql`${bulkActions.done} + ${done}`,
      skipped: sql`${bulkActions.skipped} + ${skipped}`,
    })
    .where(heldBulkAction(claim))
    .returning({ cancelRequestedAt: bulkActions.cancelRequestedAt });
  return row === undefined ? null : { cancelRequested: row.cancelRequestedAt !== null };
}

/** Lets go of a bulk action: for good, or for another worker. False when the claim no longer held. In a transaction. */
export async function releaseBulkAction(
  tx: Executor,
  claim: BulkClaimKey,
  { state, now }: { state: 'queued' | 'done' | 'cancelled'; now: Date },
): Promise<boolean> {
  const released = await tx
    .update(bulkActions)
    .set({ state, leaseUntil: null, ...(state !== 'queued' && { finishedAt: now }) })
    .where(heldBulkAction(claim))
    .returning({ id: bulkActions.id });
  return released.length > 0;
}
