import type { AssetListQuery, AssetPageJson } from '@sheaf/contract/asset';
import { listAssets } from '@sheaf/db/catalogue/list-assets';
import type { Executor } from '@sheaf/db/database';
import { pageJson } from '../cursor.ts';
import { pageOf } from '../page-query.ts';
import { assetSummaryJson } from './asset-json.ts';
import { type AssetQuestion, assetSearch } from './asset-search.ts';

/** One page of the assets that this actor may see (rules 1 and 8), newest first. Throws as `assetSearch` does. */
export async function searchAssets(
  executor: Executor,
  question: AssetQuestion & { query: AssetListQuery },
): Promise<AssetPageJson> {
  const { query, actor, now } = question;
  const { filter, visibility, configuration } = await assetSearch(executor, question);
  const page = await listAssets(executor, { filter, visibility, ...pageOf(query) });
  return pageJson(page, (asset) => assetSummaryJson(asset, { actor, visibility: configuration, now }));
}
