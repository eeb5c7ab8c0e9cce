import { and, asc, eq, gt, isNull } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { cutPage, type Page } from '../page.ts';
import { bulkActionTargets } from '../schema/bulk-actions.ts';
import { downloads } from '../schema/downloads.ts';

export type TargetFilter = 'done' | 'skipped' | 'open';

export interface BulkTarget {
  downloadId: string;
  name: string | null;
  result: 'done' | 'skipped' | null;
  code: string | null;
  message: string | null;
  restId: string | null;
  at: Date | null;
}

/** A bulk action's targets with what came of each, by the age of the download. */
export async function listTargets(
  executor: Executor,
  actionId: string,
  { result, limit, after }: { result?: TargetFilter | undefined; limit: number; after?: string | undefined },
): Promise<Page<BulkTarget>> {
  const rows = await executor
    .select({
      downloadId: bulkActionTargets.downloadId,
      name: downloads.name,
      result: bulkActionTargets.result,
      code: bulkActionTargets.code,
      message: bulkActionTargets.message,
      restId: bulkActionTargets.restId,
      at: bulkActionTargets.at,
    })
    .from(bulkActionTargets)
    .leftJoin(downloads, eq(downloads.id, bulkActionTargets.downloadId))
    .where(
      and(
        eq(bulkActionTargets.actionId, actionId),
        result === undefined
          ? undefined
          : result === 'open'
            ? isNull(bulkActionTargets.result)
            : eq(bulkActionTargets.result, result),
        after === undefined ? undefined : gt(bulkActionTargets.downloadId, after),
      ),
    )
    .orderBy(asc(bulkActionTargets.downloadId))
    .limit(limit + 1);
  return cutPage(rows, limit, ({ downloadId }) => downloadId);
}
