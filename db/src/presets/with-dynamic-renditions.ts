import type { CatalogueAsset } from '../catalogue/catalogue-asset.ts';
import { findAsset } from '../catalogue/find-asset.ts';
import type { Executor } from '../database.ts';
import { loadDynamicRenditions } from './load-dynamic-renditions.ts';

/**
 * The asset with what can be made of it on demand after its own renditions. For a single asset only: it is never
 * offered for several (rule 3).
 */
export async function withDynamicRenditions(
  executor: Executor,
  asset: CatalogueAsset,
  now: Date,
): Promise<CatalogueAsset> {
  const made = await loadDynamicRenditions(executor, asset, now);
  return { ...asset, renditions: [...asset.renditions, ...made.map(({ rendition }) => rendition)] };
}

/** `findAsset` with what can be made on demand. */
export async function findAssetWithDynamicRenditions(
  executor: Executor,
  assetId: string,
  now: Date,
): Promise<CatalogueAsset | null> {
  const asset = await findAsset(executor, assetId);
  return asset && withDynamicRenditions(executor, asset, now);
}
