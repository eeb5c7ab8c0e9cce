import type { DownloadState } from '@sheaf/domain/download-state';
import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { bulkActionTargets } from '../schema/bulk-actions.ts';
import { downloads } from '../schema/downloads.ts';

/** How many of a bulk action's targets are in each state now. */
export async function countTargetStates(
  executor: Executor,
  actionId: string,
): Promise<{ state: DownloadState; count: number }[]> {
  return executor.execute<{ state: DownloadState; count: number }>(sql`
    select d.state, count(*)::int as count
    from ${bulkActionTargets} t join ${downloads} d on d.id = t.download_id
    where t.action_id = ${actionId}::uuid group by d.state order by count desc, d.state`);
}
