import type { AssetListQuery, AssetPageJson } from '@sheaf/contract/asset';
import { listAssets } from '@sheaf/db/catalogue/list-assets';
import type { Executor } from '@sheaf/db/database';
import { readVisibility } from '@sheaf/db/visibility/read-visibility';
import type { Actor } from '@sheaf/domain/actor';
import { AppError } from '@sheaf/domain/app-error';
import { catalogueFolder } from '@sheaf/domain/catalogue-place';
import { pageJson } from '../cursor.ts';
import { pageOf } from '../page-query.ts';
import { assetSummaryJson } from './asset-json.ts';

/**
 * One page of the assets that this actor may see (rules 1 and 8), newest first. Throws `auth.forbidden` where somebody
 * else than an administrator asks for a status, and `input.invalid` for a folder that cannot be one.
 */
export async function searchAssets(
  executor: Executor,
  { query, actor, now }: { query: AssetListQuery; actor: Actor; now: Date },
): Promise<AssetPageJson> {
  const administrator = actor.role === 'administrator';
  if (query.status !== undefined && !administrator) {
    throw new AppError('auth.forbidden', 'Only administrators may ask for a status.');
  }
  const { configuration: visibility } = await readVisibility(executor);
  const { q, folder, type, licenceId, status } = query;
  const page = await listAssets(executor, {
    filter: {
      q,
      folder: folder === undefined ? undefined : catalogueFolder(folder),
      type,
      licenceId,
      status,
      expiring: query.expiring ? { now, days: visibility.expiringWithinDays } : undefined,
    },
    visibility: {
      approvedOnly: !administrator,
      hideExpiredAt: administrator || visibility.expiredVisible ? null : now,
    },
    ...pageOf(query),
  });
  return pageJson(page, (asset) => assetSummaryJson(asset, { actor, visibility, now }));
}
