import { and, asc, eq, gt, inArray } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloadItems } from '../schema/downloads.ts';

export interface ItemFilter {
  downloadId: string;
  outcome?: 'included' | 'excluded' | undefined;
  /** Only items whose files are in the part of this number. */
  part?: number | undefined;
  /** Only items after this position. */
  after?: number | undefined;
  limit: number;
}

export type DownloadItem = Omit<typeof downloadItems.$inferSelect, 'downloadId'>;

/** A download's items in the order of the request. */
export async function listDownloadItems(executor: Executor, filter: ItemFilter): Promise<DownloadItem[]> {
  return executor
    .select({
      position: downloadItems.position,
      assetId: downloadItems.assetId,
      title: downloadItems.title,
      outcome: downloadItems.outcome,
      reason: downloadItems.reason,
      renamed: downloadItems.renamed,
      part: downloadItems.part,
      entries: downloadItems.entries,
    })
    .from(downloadItems)
    .where(
      and(
        eq(downloadItems.downloadId, filter.downloadId),
        filter.outcome === undefined ? undefined : eq(downloadItems.outcome, filter.outcome),
        filter.part === undefined ? undefined : eq(downloadItems.part, filter.part),
        filter.after === undefined ? undefined : gt(downloadItems.position, filter.after),
      ),
    )
    .orderBy(asc(downloadItems.position))
    .limit(filter.limit);
}

/** The items at some positions, without their entries. */
export async function listDownloadItemsAt(
  executor: Executor,
  downloadId: string,
  positions: readonly number[],
): Promise<Omit<DownloadItem, 'entries'>[]> {
  return executor
    .select({
      position: downloadItems.position,
      assetId: downloadItems.assetId,
      title: downloadItems.title,
      outcome: downloadItems.outcome,
      reason: downloadItems.reason,
      renamed: downloadItems.renamed,
      part: downloadItems.part,
    })
    .from(downloadItems)
    .where(and(eq(downloadItems.downloadId, downloadId), inArray(downloadItems.position, [...positions])))
    .orderBy(asc(downloadItems.position));
}
