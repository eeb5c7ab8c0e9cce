import type { CatalogueAsset } from '@sheaf/db/catalogue/catalogue-asset';
import { findAsset } from '@sheaf/db/catalogue/find-asset';
import { loadLicences } from '@sheaf/db/catalogue/load-licences';
import type { Executor } from '@sheaf/db/database';
import { loadAcceptances } from '@sheaf/db/downloads/load-acceptances';
import { isDynamicRenditionId } from '@sheaf/db/presets/dynamic-rendition-id';
import { loadDynamicFacts, toDynamicRenditions } from '@sheaf/db/presets/load-dynamic-renditions';
import { readVisibility } from '@sheaf/db/visibility/read-visibility';
import type { Actor } from '@sheaf/domain/actor';
import { AppError } from '@sheaf/domain/app-error';
import { mayReadRendition, visibleRenditions } from '@sheaf/domain/asset-visibility';
import type { RenditionDefinition } from '@sheaf/domain/image-preset';
import { reasonText } from '@sheaf/domain/reason-text';
import type { Rendition } from '@sheaf/domain/rendition';

export interface RenditionQuestion {
  actor: Actor;
  assetId: string;
  renditionId: string;
  now: Date;
}

export interface AuthorisedRendition {
  asset: CatalogueAsset;
  rendition: Rendition;
  /** How it is made, where it is made on demand: then it may be pending, or have failed. */
  definition: RenditionDefinition | null;
}

/**
 * The rendition, where every rule lets the actor have it now. Throws `resource.not_found` for what the actor may not
 * even see, `auth.forbidden` with the reason for what is shown but kept back, and `blob.missing` or `blob.corrupt`
 * where its bytes are known to be faulty.
 */
export async function authoriseRendition(
  executor: Executor,
  { actor, assetId, renditionId, now }: RenditionQuestion,
): Promise<AuthorisedRendition> {
  const [found, { configuration: visibility }] = await Promise.all([
    findOne(executor, { assetId: assetId.toLowerCase(), renditionId: renditionId.toLowerCase(), now }),
    readVisibility(executor),
  ]);
  if (found === null) throw noSuchFile();
  const { asset, rendition } = found;
  const listed = { ...asset, renditions: [rendition] };
  if (visibleRenditions(listed, actor, visibility, now).length === 0) throw noSuchFile();

  const licenceIds = asset.licenceId === null ? [] : [asset.licenceId];
  const [licences, acceptances] = await Promise.all([
    loadLicences(executor, licenceIds),
    loadAcceptances(executor, actor.id, licenceIds, { assetId: asset.id }),
  ]);
  const licence = asset.licenceId === null ? null : (licences.get(asset.licenceId) ?? null);
  // Only those of approved presets were looked for.
  const approvedPresets = new Set(rendition.presetId === null ? [] : [rendition.presetId]);
  const facts = { asset, rendition, actor, licence, acceptances, approvedPresets, visibility, now };
  const verdict = mayReadRendition(facts);
  if (!verdict.allowed) {
    const { reason } = verdict;
    if (reason === 'blob.missing' || reason === 'blob.corrupt') throw new AppError(reason, reasonText[reason]);
    // That is told with why: see `openDerivative`.
    if (reason === 'rendition.failed' && found.definition !== null) return found;
    throw new AppError('auth.forbidden', reasonText[reason], { detail: { reason } });
  }
  return found;
}

async function findOne(
  executor: Executor,
  { assetId, renditionId, now }: Omit<RenditionQuestion, 'actor'>,
): Promise<AuthorisedRendition | null> {
  const [asset, facts] = await Promise.all([
    findAsset(executor, assetId),
    isDynamicRenditionId(renditionId) ? loadDynamicFacts(executor, { assetId }, now) : null,
  ]);
  if (asset === null) return null;
  const rendition = asset.renditions.find(({ id }) => id === renditionId);
  if (rendition) return { asset, rendition, definition: null };
  const onDemand = facts === null ? [] : toDynamicRenditions(asset, facts);
  const made = onDemand.find(({ rendition: { id } }) => id === renditionId);
  return made ? { asset, ...made } : null;
}

export function noSuchFile(): AppError {
  return new AppError('resource.not_found', 'There is no such file.');
}
