import { and, asc, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { bulkActions } from '../schema/bulk-actions.ts';
import { outbox } from '../schema/jobs.ts';
import { askForBulkAction } from './confirm-bulk-action.ts';

/** Asks again for bulk actions that no worker holds any more and no outbox row stands for. In a transaction. */
export async function askForLostBulkActions(tx: Executor, limit: number): Promise<number> {
  const lost = await tx
    .select({ id: bulkActions.id, epoch: bulkActions.epoch })
    .from(bulkActions)
    .where(
      and(
        inArray(bulkActions.state, ['queued', 'running']),
        or(isNull(bulkActions.leaseUntil), lt(bulkActions.leaseUntil, sql`now()`)),
        sql`not exists (select from ${outbox} where ${outbox.payload} ->> 'bulkActionId' = ${bulkActions.id}::text)`,
      ),
    )
    .orderBy(asc(bulkActions.id))
    .limit(limit)
    .for('update', { skipLocked: true });
  for (const action of lost) await askForBulkAction(tx, action);
  return lost.length;
}

/** Forgets what was previewed before a moment and never confirmed. */
export async function forgetPreviews(executor: Executor, before: Date): Promise<void> {
  await executor.delete(bulkActions).where(and(eq(bulkActions.state, 'previewed'), lt(bulkActions.createdAt, before)));
}
