import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import type { DownloadItem } from '../downloads/list-download-items.ts';

/** An asset of a request with what became of it, and the licence that it is under; null also for one that is gone. */
export type BundleItem = DownloadItem & { licenceId: string | null };

/** Rows in memory at a time, and as many on their way: some megabytes of JSON. */
const pageSize = 2_500;

/**
 * All items of a download in the order of the request, page by page, each asked for while the one before is being looked
 * at. Consistent where the executor's reads are.
 *
 * Written out, since drizzle takes longer to map 25,000 rows than PostgreSQL to find them. Between two positions, since
 * the planner takes a download that was just written for a small one: with `limit` it sorts all that is left for every
 * page (38 ms each instead of 6). Licences one by one, since as a join it reads every asset of the catalogue.
 */
export async function* listBundleItems(executor: Executor, downloadId: string): AsyncGenerator<BundleItem[]> {
  const [last] = await executor.execute<{ position: number | null }>(
    sql`select max(position) as position from download_items where download_id = ${downloadId}::uuid`,
  );
  const end = (last?.position ?? -1) + 1;
  const load = async (start: number): Promise<BundleItem[]> =>
    executor.execute<BundleItem & Record<string, unknown>>(sql`
      select position, asset_id as "assetId", title, outcome, reason, renamed, part, entries,
        (select licence_id from assets where id = item.asset_id) as "licenceId"
      from download_items item
      where download_id = ${downloadId}::uuid and position >= ${start} and position < ${start + pageSize}
      order by position`);
  let loading = end === 0 ? null : load(0);
  for (let next = pageSize; loading !== null; next += pageSize) {
    const page: BundleItem[] = await loading;
    loading = next < end ? load(next) : null;
    // Whoever awaits it next sees the failure; until then, and where nobody asks any more, it is not unhandled.
    loading?.catch(() => {});
    yield page;
  }
}
