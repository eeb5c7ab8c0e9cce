import { and, asc, eq, gt } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloadItems } from '../schema/downloads.ts';

/** An asset whose files are in a part of a bundle. */
export interface PartAsset {
  position: number;
  assetId: string;
  title: string;
}

/** The assets of one part after a position, in the order of the request. */
export async function listPartAssets(
  executor: Executor,
  { downloadId, part, after, limit }: { downloadId: string; part: number; after: number; limit: number },
): Promise<PartAsset[]> {
  return executor
    .select({ position: downloadItems.position, assetId: downloadItems.assetId, title: downloadItems.title })
    .from(downloadItems)
    .where(
      and(eq(downloadItems.downloadId, downloadId), eq(downloadItems.part, part), gt(downloadItems.position, after)),
    )
    .orderBy(asc(downloadItems.position))
    .limit(limit);
}
