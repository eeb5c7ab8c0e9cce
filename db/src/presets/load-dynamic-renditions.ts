import { derivativeKey, dynamicRenditions, pictureOriginal } from '@sheaf/domain/dynamic-renditions';
import type { RenditionDefinition } from '@sheaf/domain/image-preset';
import type { Rendition } from '@sheaf/domain/rendition';
import type { CatalogueAsset } from '../catalogue/catalogue-asset.ts';
import type { Executor } from '../database.ts';
import { dynamicRenditionId } from './dynamic-rendition-id.ts';
import { loadDerivatives } from './load-derivatives.ts';
import { loadRenditionDefinitions } from './load-rendition-definitions.ts';

/** A rendition that is made on demand, with how it is made. */
export interface DynamicRendition {
  rendition: Rendition;
  definition: RenditionDefinition;
}

/** What can be made of an asset on demand, as far as its presets are approved, in whatever state each is at `now`. */
export async function loadDynamicRenditions(
  executor: Executor,
  asset: CatalogueAsset,
  now: Date,
): Promise<DynamicRendition[]> {
  const original = pictureOriginal(asset);
  if (original === null) return [];
  const [definitions, derivatives] = await Promise.all([
    loadRenditionDefinitions(executor),
    loadDerivatives(executor, original.blob.sha256, now),
  ]);
  const idOf = (presetId: string, name: string, parametersKey: string) =>
    dynamicRenditionId({ assetId: asset.id, presetId, name, parametersKey });
  const byKey = new Map(
    derivatives.map((derivative) => [derivativeKey(original.blob.sha256, derivative.parametersKey), derivative]),
  );
  const renditions = dynamicRenditions(asset, definitions, byKey, idOf);
  return renditions.map((rendition, i) => ({ rendition, definition: definitions[i]! }));
}
