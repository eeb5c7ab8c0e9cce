import { AppError } from '@sheaf/domain/app-error';
import { and, eq, isNull } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { assets } from '../schema/catalogue.ts';

export interface DeletedAsset {
  title: string;
  folder: string;
  fileName: string;
}

/**
 * Takes an asset out of the catalogue and frees its place. The row stays, for what refers to it. Returns what it was.
 * Throws `resource.not_found` when there is none or it was deleted before.
 */
export async function deleteAsset(executor: Executor, assetId: string, now: Date): Promise<DeletedAsset> {
  const [deleted] = await executor
    .update(assets)
    .set({ deletedAt: now, updatedAt: now })
    .where(and(eq(assets.id, assetId), isNull(assets.deletedAt)))
    .returning({ title: assets.title, folder: assets.folder, fileName: assets.fileName });
  if (deleted === undefined)
    throw new AppError('resource.not_found', 'There is no such asset.', { detail: { assetId } });
  return deleted;
}
