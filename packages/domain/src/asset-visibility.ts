import type { Actor } from './actor.ts';
import type { Asset } from './asset.ts';
import { isExpired } from './is-expired.ts';
import type { Acceptance, Licence } from './licence.ts';
import { licenceRefusal } from './licence-refusal.ts';
import type { Reason } from './outcome.ts';
import type { Rendition } from './rendition.ts';
import { renditionRefusal } from './rendition-refusal.ts';
import type { VisibilityConfiguration } from './visibility-configuration.ts';

/** Name of the static rendition that is the portal's own picture of an asset. */
export const thumbnailName = 'thumbnail';

/**
 * Rules 1 and 8: whether an asset exists as far as this actor can tell. Administrators see every asset; everyone else
 * sees approved ones, and expired ones only while `expiredVisible` is on. Seeing is not having: see `mayReadRendition`.
 */
export function canSeeAsset(
  asset: Pick<Asset, 'status' | 'expiresAt'>,
  actor: Actor,
  visibility: VisibilityConfiguration,
  now: Date,
): boolean {
  if (actor.role === 'administrator') return true;
  return asset.status === 'approved' && (visibility.expiredVisible || !isExpired(asset.expiresAt, now));
}

/** Rules 4 and 5: why the switches or a missing entitlement keep a rendition of this kind from the actor, or null. */
function kindRefusal(rendition: Rendition, actor: Actor, visibility: VisibilityConfiguration): Reason | null {
  if (rendition.kind === 'original') return visibility.originalsDownloadable ? null : 'visibility.originals_off';
  if (!visibility.renditionsAvailable) return 'visibility.renditions_off';
  return rendition.kind === 'static' || actor.dynamicRenditions ? null : 'rendition.not_entitled';
}

/**
 * Rules 2, 4 and 5: the renditions of an asset that are listed to this actor, whatever their state, in the asset's own
 * order; none for an asset that the actor cannot see. Licences do not hide a rendition, they only keep its bytes back.
 */
export function visibleRenditions(
  asset: Asset,
  actor: Actor,
  visibility: VisibilityConfiguration,
  now: Date,
): Rendition[] {
  if (!canSeeAsset(asset, actor, visibility, now)) return [];
  return asset.renditions.filter((rendition) => kindRefusal(rendition, actor, visibility) === null);
}

export interface ReadingFacts {
  asset: Asset;
  rendition: Rendition;
  actor: Actor;
  /** The asset's licence; null when it has none or it no longer exists. */
  licence: Licence | null;
  /** The actor's recorded acceptances; those of other licences are ignored. */
  acceptances: readonly Acceptance[];
  visibility: VisibilityConfiguration;
  now: Date;
}

export type ReadingVerdict = { allowed: true } | { allowed: false; reason: Reason };

/**
 * Rule 4: whether the actor may be sent the bytes of one rendition. Every GET of a file asks this, so that a guessed
 * address yields nothing.
 *
 * The static rendition named `thumbnail` is the portal's picture: whoever can see the asset may have it without
 * accepting the licence, and also where the asset itself cannot be downloaded (expired, or, for administrators, not
 * approved). It still obeys `renditionsAvailable`. Every other file needs the asset to be approved, not expired (or
 * both switches of rule 8) and its licence accepted. A rendition that is still pending answers
 * `rendition.none_available`.
 */
export function mayReadRendition(facts: ReadingFacts): ReadingVerdict {
  const reason = readingRefusal(facts);
  return reason === null ? { allowed: true } : { allowed: false, reason };
}

function readingRefusal({
  asset,
  rendition,
  actor,
  licence,
  acceptances,
  visibility,
  now,
}: ReadingFacts): Reason | null {
  if (rendition.assetId !== asset.id || !canSeeAsset(asset, actor, visibility, now)) return 'asset.not_found';
  if (!(rendition.kind === 'static' && rendition.name === thumbnailName)) {
    if (asset.status !== 'approved') return 'asset.not_approved';
    if (isExpired(asset.expiresAt, now) && !(visibility.expiredVisible && visibility.expiredDownloadable)) {
      return 'asset.expired';
    }
    if (asset.licenceId !== null) {
      const ownLicence = licence?.id === asset.licenceId ? licence : null;
      const refusal = licenceRefusal(ownLicence, acceptances, now);
      if (refusal !== null) return refusal;
    }
  }
  const refusal = kindRefusal(rendition, actor, visibility) ?? renditionRefusal(rendition);
  return refusal ?? (rendition.state === 'pending' ? 'rendition.none_available' : null);
}
