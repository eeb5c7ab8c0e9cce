import { eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { bulkActions } from '../schema/bulk-actions.ts';
import { type BulkAction, selectBulkActions } from './bulk-action.ts';

export async function findBulkAction(executor: Executor, id: string): Promise<BulkAction | null> {
  const [action] = await selectBulkActions(executor).where(eq(bulkActions.id, id));
  return action ?? null;
}
