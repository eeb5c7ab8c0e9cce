import { and, eq } from 'drizzle-orm';
import { addToOutbox } from '../add-to-outbox.ts';
import type { Executor } from '../database.ts';
import { bulkActions } from '../schema/bulk-actions.ts';

export interface Confirmation {
  id: string;
  /** Whoever previewed it. */
  createdBy: string;
  reason: string | null;
  requestId: string;
  now: Date;
}

/** Sets a previewed bulk action going, in the caller's transaction. False where there is none that waits for it. */
export async function confirmBulkAction(
  tx: Executor,
  { id, createdBy, reason, requestId, now }: Confirmation,
): Promise<boolean> {
  const confirmed = await tx
    .update(bulkActions)
    .set({ state: 'queued', reason, requestId, confirmedAt: now })
    .where(and(eq(bulkActions.id, id), eq(bulkActions.createdBy, createdBy), eq(bulkActions.state, 'previewed')))
    .returning({ epoch: bulkActions.epoch });
  if (confirmed.length === 0) return false;
  await askForBulkAction(tx, { id, epoch: 0 });
  return true;
}

/** Asks for the job of a bulk action; `epoch` makes it another one than those before it. */
export async function askForBulkAction(tx: Executor, { id, epoch }: { id: string; epoch: number }): Promise<void> {
  await addToOutbox(tx, [
    { job: 'bulk', jobId: `bulk-${id}-${epoch}`, payload: { bulkActionId: id, epoch }, requesterId: null },
  ]);
}
