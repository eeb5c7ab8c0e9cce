import type { AssetFacetsJson } from '@sheaf/contract/asset';
import { countAssetFacets } from '@sheaf/db/catalogue/count-asset-facets';
import type { Executor } from '@sheaf/db/database';
import { type AssetQuestion, assetSearch } from './asset-search.ts';

/** How many assets a query finds, and of which kinds. Throws as `assetSearch` does. */
export async function countFacets(executor: Executor, question: AssetQuestion): Promise<AssetFacetsJson> {
  const { filter, visibility, configuration } = await assetSearch(executor, question);
  const soon = { now: question.now, days: configuration.expiringWithinDays };
  return countAssetFacets(executor, { filter, visibility, soon });
}
