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
 * A page is one row with a list for every column: of 25,000 rows, to read each of its columns costs this process more
 * than all else that it does with them. Between two positions, since the planner takes a download that was just written for a small one: with `limit` it sorts all that is left for every
 * page (38 ms each instead of 6). Licences one by one, since as a join it reads every asset of the catalogue.
 */
export async function* listBundleItems(executor: Executor, downloadId: string): AsyncGenerator<BundleItem[]> {
  const [last] = await executor.execute<{ position: number | null }>(
    sql`select max(position) as position from download_items where download_id = ${downloadId}::uuid`,
  );
  const end = (last?.position ?? -1) + 1;
  const load = async (start: number): Promise<BundleItem[]> => {
    const [lists] = await executor.execute<ItemLists>(sql`
      select json_agg(position) as position, json_agg(asset_id) as "assetId", json_agg(title) as title,
        json_agg(outcome) as outcome, json_agg(reason) as reason, json_agg(renamed) as renamed, json_agg(part) as part,
        json_agg(entries) as entries, json_agg(licence_id) as "licenceId"
      from (
        select position, asset_id, title, outcome, reason, renamed, part, entries,
          (select licence_id from assets where id = item.asset_id) as licence_id
        from download_items item
        where download_id = ${downloadId}::uuid and position >= ${start} and position < ${start + pageSize}
        order by position
      ) page`);
    return itemsOf(lists!);
  };
  let loading = end === 0 ? null : load(0);
  for (let next = pageSize; loading !== null; next += pageSize) {
    const page: BundleItem[] = await loading;
    loading = next < end ? load(next) : null;
    // Whoever awaits it next sees the failure; until then, and where nobody asks any more, it is not unhandled.
    loading?.catch(() => {});
    yield page;
  }
}

/** Of a page, each column in the items' order; of one without items, nothing. */
type ItemLists = { [Column in keyof BundleItem]: BundleItem[Column][] } | Record<keyof BundleItem, null>;

function itemsOf(page: ItemLists): BundleItem[] {
  if (page.position === null) return [];
  const { assetId, title, outcome, reason, renamed, part, entries, licenceId } = page;
  return page.position.map((position, index) => ({
    position,
    assetId: assetId[index]!,
    title: title[index]!,
    outcome: outcome[index]!,
    reason: reason[index]!,
    renamed: renamed[index]!,
    part: part[index]!,
    entries: entries[index]!,
    licenceId: licenceId[index]!,
  }));
}
