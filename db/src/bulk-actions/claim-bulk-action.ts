import type { Role } from '@sheaf/domain/actor';
import type { BulkActionKind } from '@sheaf/domain/bulk-action';
import { and, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { users } from '../schema/auth.ts';
import { bulkActions } from '../schema/bulk-actions.ts';

/** A bulk action that one worker holds. What it writes carries `epoch`: a later claim makes it void. */
export interface BulkClaim {
  id: string;
  epoch: number;
  kind: BulkActionKind;
  reason: string | null;
  requestId: string | null;
  /** What its targets were found by. */
  filter: Record<string, unknown>;
  /** Whoever confirmed it, with the rights that they have now. */
  actor: { id: string; role: Role; disabledAt: Date | null };
}

/** Takes a bulk action for one worker until its lease runs out; null where another one holds it, or it has ended. */
export async function claimBulkAction(
  executor: Executor,
  { id, leaseSeconds, now }: { id: string; leaseSeconds: number; now: Date },
): Promise<BulkClaim | null> {
  const [row] = await executor
    .update(bulkActions)
    .set({
      state: 'running',
      epoch: sql`${bulkActions.epoch} + 1`,
      leaseUntil: sql`now() + ${leaseSeconds} * interval '1 second'`,
      startedAt: sql`coalesce(${bulkActions.startedAt}, ${now.toISOString()}::timestamptz)`,
    })
    .from(users)
    .where(
      and(
        eq(bulkActions.id, id),
        eq(users.id, bulkActions.createdBy),
        inArray(bulkActions.state, ['queued', 'running']),
        or(isNull(bulkActions.leaseUntil), lt(bulkActions.leaseUntil, sql`now()`)),
      ),
    )
    .returning({
      id: bulkActions.id,
      epoch: bulkActions.epoch,
      kind: bulkActions.kind,
      reason: bulkActions.reason,
      requestId: bulkActions.requestId,
      filter: bulkActions.filter,
      actor: { id: users.id, role: users.role, disabledAt: users.disabledAt },
    });
  return row ?? null;
}
