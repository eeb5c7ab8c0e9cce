import type { BulkActionKind, BulkActionState } from '@sheaf/domain/bulk-action';
import { eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { users } from '../schema/auth.ts';
import { bulkActions } from '../schema/bulk-actions.ts';

export interface BulkAction {
  id: string;
  kind: BulkActionKind;
  filter: Record<string, string | number>;
  reason: string | null;
  state: BulkActionState;
  createdBy: { id: string; name: string };
  createdAt: Date;
  confirmedAt: Date | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  cancelRequestedAt: Date | null;
  total: number;
  people: number;
  bytes: number;
  done: number;
  skipped: number;
}

/** The statement that a lookup or a list narrows down. */
export function selectBulkActions(executor: Executor) {
  return executor
    .select({
      id: bulkActions.id,
      kind: bulkActions.kind,
      filter: bulkActions.filter,
      reason: bulkActions.reason,
      state: bulkActions.state,
      createdBy: { id: users.id, name: users.name },
      createdAt: bulkActions.createdAt,
      confirmedAt: bulkActions.confirmedAt,
      startedAt: bulkActions.startedAt,
      finishedAt: bulkActions.finishedAt,
      cancelRequestedAt: bulkActions.cancelRequestedAt,
      total: bulkActions.total,
      people: bulkActions.people,
      bytes: bulkActions.bytes,
      done: bulkActions.done,
      skipped: bulkActions.skipped,
    })
    .from(bulkActions)
    .innerJoin(users, eq(users.id, bulkActions.createdBy))
    .$dynamic();
}
