import type { ApiRoute } from '../../api-deps.ts';
import { readRenditionPreview } from '../renditions/read-rendition-preview.ts';
import { deleteAsset } from './delete-asset.ts';
import { getAsset } from './get-asset.ts';
import { getAssets } from './get-assets.ts';
import { patchAsset } from './patch-asset.ts';
import { postAsset } from './post-asset.ts';

export const assetRoutes: ApiRoute[] = [getAssets, getAsset, postAsset, patchAsset, deleteAsset, readRenditionPreview];
