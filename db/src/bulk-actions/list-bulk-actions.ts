import { and, desc, lt, ne } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { cutPage, type Page } from '../page.ts';
import { bulkActions } from '../schema/bulk-actions.ts';
import { type BulkAction, selectBulkActions } from './bulk-action.ts';

/** Those that were confirmed, the newest first. */
export async function listBulkActions(
  executor: Executor,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<Page<BulkAction>> {
  const rows = await selectBulkActions(executor)
    .where(and(ne(bulkActions.state, 'previewed'), after === undefined ? undefined : lt(bulkActions.id, after)))
    .orderBy(desc(bulkActions.id))
    .limit(limit + 1);
  return cutPage(rows, limit, ({ id }) => id);
}
