import type { AssetJson } from '@sheaf/contract/asset';
import { findAsset } from '@sheaf/db/catalogue/find-asset';
import type { Executor } from '@sheaf/db/database';
import { withDynamicRenditions } from '@sheaf/db/presets/with-dynamic-renditions';
import { readVisibility } from '@sheaf/db/visibility/read-visibility';
import type { Actor } from '@sheaf/domain/actor';
import { AppError } from '@sheaf/domain/app-error';
import { canSeeAsset } from '@sheaf/domain/asset-visibility';
import { assetJson } from './asset-json.ts';

/** An asset as this actor sees it. Throws `resource.not_found` also for what the actor may not see. */
export async function readAsset(
  executor: Executor,
  { assetId, actor, now }: { assetId: string; actor: Actor; now: Date },
): Promise<AssetJson> {
  const asset = await findAsset(executor, assetId);
  const { configuration: visibility } = await readVisibility(executor);
  if (!asset || !canSeeAsset(asset, actor, visibility, now)) {
    throw new AppError('resource.not_found', 'There is no such asset.');
  }
  // Nobody else is shown any (rule 5).
  const complete = actor.dynamicRenditions ? await withDynamicRenditions(executor, asset, now) : asset;
  return assetJson(complete, { actor, visibility, now });
}
