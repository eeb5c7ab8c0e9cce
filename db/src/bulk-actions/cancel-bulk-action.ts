import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { bulkActions } from '../schema/bulk-actions.ts';

/**
 * Ends a bulk action: at once where no worker holds it, else its worker stops before the next download. What was done
 * stays done. False in a state that cannot be left for it. In a transaction.
 */
export async function cancelBulkAction(tx: Executor, { id, now }: { id: string; now: Date }): Promise<boolean> {
  const held = sql`coalesce(${bulkActions.leaseUntil} >= now(), false)`;
  const cancelled = await tx
    .update(bulkActions)
    .set({
      cancelRequestedAt: sql`coalesce(${bulkActions.cancelRequestedAt}, ${now.toISOString()}::timestamptz)`,
      state: sql`case when ${held} then ${bulkActions.state} else 'cancelled' end`,
      finishedAt: sql`case when ${held} then null else ${now.toISOString()}::timestamptz end`,
      leaseUntil: sql`case when ${held} then ${bulkActions.leaseUntil} end`,
    })
    .where(and(eq(bulkActions.id, id), inArray(bulkActions.state, ['queued', 'running'])))
    .returning({ id: bulkActions.id });
  return cancelled.length > 0;
}
