import type { ApiRoute } from '../../api-deps.ts';
import { readRenditionPreview } from '../renditions/read-rendition-preview.ts';
import { deleteAsset } from './delete-asset.ts';
import { getAsset } from './get-asset.ts';
import { getAssetFacets } from './get-asset-facets.ts';
import { getAssetSelection } from './get-asset-selection.ts';
import { getAssets } from './get-assets.ts';
import { patchAsset } from './patch-asset.ts';
import { postAsset } from './post-asset.ts';

export const assetRoutes: ApiRoute[] = [
  getAssets,
  getAssetFacets,
  getAssetSelection,
  getAsset,
  postAsset,
  patchAsset,
  deleteAsset,
  readRenditionPreview,
];
