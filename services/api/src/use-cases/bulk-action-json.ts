import type { BulkActionJson } from '@sheaf/contract/bulk-action';
import type { BulkAction } from '@sheaf/db/bulk-actions/bulk-action';

export function bulkActionJson(action: BulkAction): BulkActionJson {
  return {
    id: action.id,
    action: action.kind,
    filter: action.filter,
    reason: action.reason,
    state: action.state,
    requestedBy: action.createdBy,
    asOf: action.createdAt.toISOString(),
    confirmedAt: action.confirmedAt?.toISOString() ?? null,
    startedAt: action.startedAt?.toISOString() ?? null,
    finishedAt: action.finishedAt?.toISOString() ?? null,
    cancelRequested: action.cancelRequestedAt !== null,
    total: action.total,
    people: action.people,
    bytes: action.bytes,
    done: action.done,
    skipped: action.skipped,
  };
}
