import { and, count, desc, eq, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { isAnyOf } from '../is-any-of.ts';
import { assets, renditions } from '../schema/catalogue.ts';
import { type AssetFilter, type AssetVisibility, assetConditions } from './asset-conditions.ts';

export interface AssetSelection {
  /** Newest first. */
  assetIds: string[];
  /** How many the filter finds, which may be more. */
  total: number;
  /** Bytes of the originals of `assetIds`. */
  size: number;
}

/** The ids of what a filter finds, up to a limit. */
export async function selectAssets(
  executor: Executor,
  { filter, visibility, limit }: { filter: AssetFilter; visibility: AssetVisibility; limit: number },
): Promise<AssetSelection> {
  const found = and(...assetConditions(filter, visibility));
  const [ids, totals] = await Promise.all([
    executor.select({ id: assets.id }).from(assets).where(found).orderBy(desc(assets.id)).limit(limit),
    executor.select({ total: count() }).from(assets).where(found),
  ]);
  const assetIds = ids.map(({ id }) => id);
  const [originals] = await executor
    .select({ size: sql<number>`coalesce(sum(${renditions.blobSize}), 0)`.mapWith(Number) })
    .from(renditions)
    .where(and(eq(renditions.kind, 'original'), isAnyOf(renditions.assetId, assetIds)));
  return { assetIds, total: totals[0]!.total, size: originals!.size };
}
