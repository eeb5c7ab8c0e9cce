import type { AssetSelectionJson } from '@sheaf/contract/asset';
import { selectAssets } from '@sheaf/db/catalogue/select-assets';
import type { Executor } from '@sheaf/db/database';
import { renditionAccess } from '@sheaf/domain/rendition-access';
import { type AssetQuestion, assetSearch } from './asset-search.ts';

/**
 * Everything that a query finds, up to what one download may have. Throws as `assetSearch` does. Sizes of originals are
 * for those who may have originals; the preflight of a request says what it would hold.
 */
export async function selectMatchingAssets(executor: Executor, question: AssetQuestion): Promise<AssetSelectionJson> {
  const { filter, visibility, configuration } = await assetSearch(executor, question);
  const limit = configuration.maxAssetsPerDownload;
  const selection = await selectAssets(executor, { filter, visibility, limit });
  const { reason } = renditionAccess(question.actor, configuration)({ kind: 'original', name: 'original' });
  return { ...selection, size: reason === null ? selection.size : null };
}
