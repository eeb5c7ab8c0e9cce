import { and, eq, isNull, lt } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { assets, renditions } from '../schema/catalogue.ts';

/** Ids of living assets that still have pending renditions made before `before`: their `render` job may be lost. */
export async function listUnrenderedAssets(executor: Executor, before: Date, limit: number): Promise<string[]> {
  const rows = await executor
    .selectDistinct({ id: renditions.assetId })
    .from(renditions)
    .innerJoin(assets, eq(assets.id, renditions.assetId))
    .where(and(eq(renditions.state, 'pending'), lt(renditions.createdAt, before), isNull(assets.deletedAt)))
    .orderBy(renditions.assetId)
    .limit(limit);
  return rows.map((row) => row.id);
}
