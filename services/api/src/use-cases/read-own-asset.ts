import type { AssetJson } from '@sheaf/contract/asset';
import { findAsset } from '@sheaf/db/catalogue/find-asset';
import type { Executor } from '@sheaf/db/database';
import { AppError } from '@sheaf/domain/app-error';
import { assetJson, type Viewing } from './asset-json.ts';

/**
 * An asset as whoever adds it is shown it: in full, also where contributors will not see it before it is approved.
 * Throws `resource.not_found`.
 */
export async function readOwnAsset(
  executor: Executor,
  { assetId, ...viewing }: Viewing & { assetId: string },
): Promise<AssetJson> {
  const asset = await findAsset(executor, assetId);
  if (!asset) throw new AppError('resource.not_found', 'There is no such asset.');
  return assetJson(asset, viewing);
}
