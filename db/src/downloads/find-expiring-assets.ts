import { and, asc, eq, gt, isNull, lte, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { assets } from '../schema/catalogue.ts';
import { downloadItems } from '../schema/downloads.ts';

export interface ExpiringAssets {
  /** How many of a download's included assets expire soon. */
  assets: number;
  /** The first of them to expire. */
  first: { assetId: string; title: string; expiresAt: Date }[];
}

/** A download's included assets that expire within so many days: how many, and `limit` of them. */
export async function findExpiringAssets(
  executor: Executor,
  { downloadId, withinDays, limit, now }: { downloadId: string; withinDays: number; limit: number; now: Date },
): Promise<ExpiringAssets> {
  const rows = await executor
    .select({
      assetId: assets.id,
      title: downloadItems.title,
      expiresAt: assets.expiresAt,
      of: sql<number>`(count(*) over ())::integer`,
    })
    .from(downloadItems)
    .innerJoin(assets, eq(assets.id, downloadItems.assetId))
    .where(
      and(
        eq(downloadItems.downloadId, downloadId),
        eq(downloadItems.outcome, 'included'),
        isNull(assets.deletedAt),
        gt(assets.expiresAt, now),
        lte(assets.expiresAt, new Date(now.getTime() + withinDays * 86_400_000)),
      ),
    )
    .orderBy(asc(assets.expiresAt), asc(downloadItems.position))
    .limit(limit);
  return {
    assets: rows[0]?.of ?? 0,
    first: rows.flatMap(({ assetId, title, expiresAt }) => (expiresAt === null ? [] : [{ assetId, title, expiresAt }])),
  };
}
