import type { Executor } from '../database.ts';
import type { CatalogueAsset } from './catalogue-asset.ts';
import { loadAssets } from './load-assets.ts';

/** One asset with all its renditions; null when there is none or it was deleted. */
export async function findAsset(executor: Executor, assetId: string): Promise<CatalogueAsset | null> {
  return (await loadAssets(executor, [assetId])).get(assetId) ?? null;
}
