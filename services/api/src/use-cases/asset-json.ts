import type { AssetJson, AssetSummaryJson } from '@sheaf/contract/asset';
import type { RenditionJson } from '@sheaf/contract/rendition';
import type { CatalogueAsset } from '@sheaf/db/catalogue/catalogue-asset';
import type { Actor } from '@sheaf/domain/actor';
import { thumbnailName, visibleRenditions } from '@sheaf/domain/asset-visibility';
import { endingAssets } from '@sheaf/domain/ending-assets';
import type { Rendition } from '@sheaf/domain/rendition';
import { seesEverything } from '@sheaf/domain/sees-everything';
import type { VisibilityConfiguration } from '@sheaf/domain/visibility-configuration';
import { renditionContentPath, renditionPreviewPath } from './rendition-content-path.ts';

/** Through whose eyes an asset is shown. */
export interface Viewing {
  actor: Actor;
  visibility: VisibilityConfiguration;
  now: Date;
}

/** An asset as lists show it. */
export function assetSummaryJson(asset: CatalogueAsset, { actor, visibility, now }: Viewing): AssetSummaryJson {
  const shown = visibleRenditions(asset, actor, visibility, now);
  const thumbnail = shown.find(({ kind, name, state }) => {
    return kind === 'static' && name === thumbnailName && state === 'ready';
  });
  const original = shown.find(({ kind }) => kind === 'original');
  const { expired, expiring } = endingAssets([{ asset }], visibility.expiringWithinDays, now);
  return {
    id: asset.id,
    title: asset.title,
    folder: asset.folder,
    fileName: asset.fileName,
    mediaType: asset.mediaType,
    status: asset.status,
    licenceId: asset.licenceId,
    expiresAt: asset.expiresAt?.toISOString() ?? null,
    expired: expired.length > 0,
    expiringInDays: expiring[0]?.days ?? null,
    thumbnailUrl: thumbnail ? contentUrl(thumbnail) : null,
    size: original?.blob?.size ?? null,
    width: original?.width ?? null,
    height: original?.height ?? null,
    createdAt: asset.createdAt.toISOString(),
    createdBy: seesEverything(actor) ? asset.createdBy : null,
  };
}

/** One asset with the renditions that this actor may see. */
export function assetJson(asset: CatalogueAsset, viewing: Viewing): AssetJson {
  const { actor, visibility, now } = viewing;
  const summary = assetSummaryJson(asset, viewing);
  return {
    ...summary,
    modifiedAt: asset.modifiedAt.toISOString(),
    renditions: visibleRenditions(asset, actor, visibility, now).map((rendition) =>
      renditionJson(rendition, summary.thumbnailUrl),
    ),
  };
}

function renditionJson(rendition: Rendition, thumbnailUrl: string | null): RenditionJson {
  const { id, assetId, kind, name, title, presetId, state, mediaType, fileName, width, height, blob } = rendition;
  return {
    id,
    kind,
    name,
    title,
    state,
    mediaType,
    fileName,
    width,
    height,
    size: blob?.size ?? null,
    sha256: blob?.sha256 ?? null,
    url: contentUrl(rendition),
    previewUrl: presetId === null ? thumbnailUrl : renditionPreviewPath({ assetId, renditionId: id }),
  };
}

function contentUrl({ assetId, id }: Rendition): string {
  return renditionContentPath({ assetId, renditionId: id });
}
