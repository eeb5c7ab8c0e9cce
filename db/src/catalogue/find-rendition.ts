import type { Rendition } from '@sheaf/domain/rendition';
import type { Executor } from '../database.ts';
import type { CatalogueAsset } from './catalogue-asset.ts';
import { findAsset } from './find-asset.ts';

/** One rendition with its asset, which decides who may have it; null when there is none or the asset was deleted. */
export async function findRendition(
  executor: Executor,
  assetId: string,
  renditionId: string,
): Promise<{ asset: CatalogueAsset; rendition: Rendition } | null> {
  const asset = await findAsset(executor, assetId);
  const rendition = asset?.renditions.find(({ id }) => id === renditionId);
  return asset && rendition ? { asset, rendition } : null;
}
