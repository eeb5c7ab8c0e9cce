import { AppError } from '@sheaf/domain/app-error';
import { and, eq, isNull } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { assets } from '../schema/catalogue.ts';

/**
 * Takes an asset out of the catalogue and frees its place. The row stays, for what refers to it.
 * Throws `resource.not_found` when there is none or it was deleted before.
 */
export async function deleteAsset(executor: Executor, assetId: string, now: Date): Promise<void> {
  const deleted = await executor
    .update(assets)
    .set({ deletedAt: now, updatedAt: now })
    .where(and(eq(assets.id, assetId), isNull(assets.deletedAt)))
    .returning({ id: assets.id });
  if (deleted.length === 0)
    throw new AppError('resource.not_found', 'There is no such asset.', { detail: { assetId } });
}
