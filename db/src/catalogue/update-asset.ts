import { AppError } from '@sheaf/domain/app-error';
import type { AssetStatus } from '@sheaf/domain/asset';
import { catalogueFolder } from '@sheaf/domain/catalogue-place';
import { and, eq, isNull, sql } from 'drizzle-orm';
import { constraintViolation } from '../constraint-violation.ts';
import type { Executor } from '../database.ts';
import { assets } from '../schema/catalogue.ts';
import { unknownLicence } from './unknown-licence.ts';

/** What is absent stays as it is; null takes the value away. */
export interface AssetChanges {
  title?: string | undefined;
  folder?: string | undefined;
  status?: AssetStatus | undefined;
  expiresAt?: Date | null | undefined;
  licenceId?: string | null | undefined;
}

/** What can be changed of an asset. */
export type AssetState = Required<{ [K in keyof AssetChanges]: Exclude<AssetChanges[K], undefined> }>;

/**
 * Changes an asset, and returns what it was before and is now. Throws `resource.not_found` when there is none, `resource.conflict` when its file name is taken in
 * the new folder, `input.invalid` for a bad folder and when there is no such licence.
 */
export async function updateAsset(
  executor: Executor,
  assetId: string,
  changes: AssetChanges,
  now: Date,
): Promise<{ before: AssetState; after: AssetState }> {
  const folder = changes.folder === undefined ? {} : { folder: catalogueFolder(changes.folder) };
  const [updated] = await executor
    .update(assets)
    .set({ ...changes, ...folder, updatedAt: now })
    .where(and(eq(assets.id, assetId), isNull(assets.deletedAt)))
    .returning({ before: formerState, after: currentState })
    .catch((error) => {
      const violation = constraintViolation(error);
      if (violation?.kind === 'reference') throw unknownLicence(changes.licenceId, error);
      if (violation?.kind === 'unique') {
        throw new AppError('resource.conflict', 'Another asset has this file name in that folder.', { cause: error });
      }
      throw error;
    });
  if (updated === undefined)
    throw new AppError('resource.not_found', 'There is no such asset.', { detail: { assetId } });
  return updated;
}

const currentState = {
  title: assets.title,
  folder: assets.folder,
  status: assets.status,
  expiresAt: assets.expiresAt,
  licenceId: assets.licenceId,
};

const formerState = {
  title: sql<string>`old.title`,
  folder: sql<string>`old.folder`,
  status: sql<AssetStatus>`old.status`,
  expiresAt: sql<Date | null>`old.expires_at`.mapWith(assets.expiresAt),
  licenceId: sql<string | null>`old.licence_id`,
};
