import { canSeeAsset } from './asset-visibility.ts';
import type { DecisionFacts } from './download-decision.ts';

/**
 * Positions in `acceptLicences` of acceptances that the request has no use for: no asset of the selection that the actor
 * can see is under that licence. Nobody accepts terms by accident, so that a request with any is refused.
 */
export function unneededAcceptances({ request, assets, actor, visibility, now }: DecisionFacts): number[] {
  if (request.acceptLicences.length === 0) return [];
  const needed = new Set<string>();
  for (const assetId of request.assetIds) {
    const asset = assets.get(assetId);
    if (asset?.licenceId == null || needed.has(asset.licenceId)) continue;
    if (canSeeAsset(asset, actor, visibility, now)) needed.add(asset.licenceId);
  }
  return request.acceptLicences.flatMap(({ licenceId }, index) => (needed.has(licenceId) ? [] : [index]));
}
