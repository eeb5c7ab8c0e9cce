import { and, eq, isNull } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { isAnyOf } from '../is-any-of.ts';
import { users } from '../schema/auth.ts';
import { assets } from '../schema/catalogue.ts';
import type { CatalogueAsset } from './catalogue-asset.ts';
import { loadRenditions } from './load-renditions.ts';

/**
 * The assets with these ids, as far as they exist and were not deleted, with all their renditions: the original
 * first, then in the order of their definition. Two statements at the same time,
 * however many ids there are.
 */
export async function loadAssets(executor: Executor, ids: readonly string[]): Promise<Map<string, CatalogueAsset>> {
  if (ids.length === 0) return new Map();
  const [assetRows, renditions] = await Promise.all([
    executor
      .select({
        id: assets.id,
        title: assets.title,
        folder: assets.folder,
        fileName: assets.fileName,
        mediaType: assets.mediaType,
        status: assets.status,
        expiresAt: assets.expiresAt,
        licenceId: assets.licenceId,
        modifiedAt: assets.modifiedAt,
        createdBy: { id: users.id, name: users.name },
        createdAt: assets.createdAt,
        updatedAt: assets.updatedAt,
      })
      .from(assets)
      .leftJoin(users, eq(users.id, assets.createdBy))
      .where(and(isAnyOf(assets.id, ids), isNull(assets.deletedAt))),
    loadRenditions(executor, ids),
  ]);
  return new Map(assetRows.map((row) => [row.id, { ...row, renditions: renditions.get(row.id) ?? [] }]));
}
