import type { BulkAction } from '@sheaf/db/bulk-actions/bulk-action';
import { findBulkAction } from '@sheaf/db/bulk-actions/find-bulk-action';
import type { Executor } from '@sheaf/db/database';
import { AppError } from '@sheaf/domain/app-error';

/** Throws `resource.not_found`, also for one that nobody has confirmed. */
export async function readBulkAction(executor: Executor, id: string): Promise<BulkAction> {
  const action = await findBulkAction(executor, id);
  if (action === null || action.state === 'previewed') {
    throw new AppError('resource.not_found', 'There is no such bulk action.');
  }
  return action;
}
