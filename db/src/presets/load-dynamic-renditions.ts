import { derivativeKey, dynamicRenditions, pictureOriginal } from '@sheaf/domain/dynamic-renditions';
import type { RenditionDefinition } from '@sheaf/domain/image-preset';
import type { Rendition } from '@sheaf/domain/rendition';
import type { CatalogueAsset } from '../catalogue/catalogue-asset.ts';
import type { Executor } from '../database.ts';
import type { DerivativeRecord } from './derivative-record.ts';
import { dynamicRenditionId } from './dynamic-rendition-id.ts';
import { loadDerivatives, type OriginalReference } from './load-derivatives.ts';
import { loadRenditionDefinitions } from './load-rendition-definitions.ts';

/** A rendition that is made on demand, with how it is made. */
export interface DynamicRendition {
  rendition: Rendition;
  definition: RenditionDefinition;
}

/** All that has to be known of what can be made of an original on demand. */
export interface DynamicFacts {
  definitions: RenditionDefinition[];
  derivatives: DerivativeRecord[];
}

/** What can be made of an asset on demand, as far as its presets are approved, in whatever state each is at `now`. */
export async function loadDynamicRenditions(
  executor: Executor,
  asset: CatalogueAsset,
  now: Date,
): Promise<DynamicRendition[]> {
  const original = pictureOriginal(asset);
  if (original === null) return [];
  return toDynamicRenditions(asset, await loadDynamicFacts(executor, { originalSha256: original.blob.sha256 }, now));
}

/** For `toDynamicRenditions`: apart from it, so that the asset can be loaded at the same time. */
export async function loadDynamicFacts(
  executor: Executor,
  original: OriginalReference,
  now: Date,
): Promise<DynamicFacts> {
  const [definitions, derivatives] = await Promise.all([
    loadRenditionDefinitions(executor),
    loadDerivatives(executor, original, now),
  ]);
  return { definitions, derivatives };
}

/** What can be made of an asset on demand, given the facts about its original. */
export function toDynamicRenditions(
  asset: CatalogueAsset,
  { definitions, derivatives }: DynamicFacts,
): DynamicRendition[] {
  const idOf = (presetId: string, name: string, parametersKey: string) =>
    dynamicRenditionId({ assetId: asset.id, presetId, name, parametersKey });
  const byKey = new Map(
    derivatives.map((derivative) => [derivativeKey(derivative.originalSha256, derivative.parametersKey), derivative]),
  );
  const renditions = dynamicRenditions(asset, definitions, byKey, idOf);
  return renditions.map((rendition, i) => ({ rendition, definition: definitions[i]! }));
}
