import type { AssetFilterJson } from '@sheaf/contract/asset';
import type { AssetFilter, AssetVisibility } from '@sheaf/db/catalogue/asset-conditions';
import type { Executor } from '@sheaf/db/database';
import { readVisibility } from '@sheaf/db/visibility/read-visibility';
import type { Actor } from '@sheaf/domain/actor';
import { AppError } from '@sheaf/domain/app-error';
import { catalogueFolder } from '@sheaf/domain/catalogue-place';
import { seesEverything } from '@sheaf/domain/sees-everything';
import type { VisibilityConfiguration } from '@sheaf/domain/visibility-configuration';

export interface AssetQuestion {
  query: AssetFilterJson;
  actor: Actor;
  now: Date;
}

/** What to look for in the catalogue, within what the actor may see. */
export interface AssetSearch {
  filter: AssetFilter;
  visibility: AssetVisibility;
  configuration: VisibilityConfiguration;
}

/**
 * What a query means for this actor (rules 1 and 8). Throws `auth.forbidden` where somebody who does not see
 * everything asks for a status, and `input.invalid` for a folder that cannot be one.
 */
export async function assetSearch(executor: Executor, { query, actor, now }: AssetQuestion): Promise<AssetSearch> {
  const all = seesEverything(actor);
  if (query.status !== undefined && !all) {
    throw new AppError('auth.forbidden', 'Only administrators and auditors may ask for a status.');
  }
  const { configuration } = await readVisibility(executor);
  const { ids, q, folder, type, licenceId, status } = query;
  return {
    filter: {
      ids: ids?.split(','),
      q,
      folder: folder === undefined ? undefined : catalogueFolder(folder),
      type,
      licenceId,
      status,
      expiring: query.expiring ? { now, days: configuration.expiringWithinDays } : undefined,
    },
    visibility: {
      approvedOnly: !all,
      hideExpiredAt: all || configuration.expiredVisible ? null : now,
    },
    configuration,
  };
}
