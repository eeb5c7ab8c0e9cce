import type { Actor } from './actor.ts';
import type { Asset } from './asset.ts';
import { isExpired } from './is-expired.ts';
import type { Licence, RecordedAcceptance } from './licence.ts';
import { licenceRefusal } from './licence-refusal.ts';
import type { Reason } from './outcome.ts';
import type { Rendition } from './rendition.ts';
import { type AccessTo, renditionAccess } from './rendition-access.ts';
import { isOnDemand, presetRefusal, renditionRefusal } from './rendition-refusal.ts';
import { seesEverything } from './sees-everything.ts';
import type { VisibilityConfiguration } from './visibility-configuration.ts';

/** Name of the static rendition that is the portal's own picture of an asset. */
export const thumbnailName = 'thumbnail';

/**
 * Rules 1 and 8: whether an asset exists as far as this actor can tell. Administrators and auditors see every asset; everyone
 * else sees approved ones, and expired ones only while `expiredVisible` is on. Seeing is not having: see `mayReadRendition`.
 */
export function canSeeAsset(
  asset: Pick<Asset, 'status' | 'expiresAt'>,
  actor: Actor,
  visibility: VisibilityConfiguration,
  now: Date,
): boolean {
  if (seesEverything(actor)) return true;
  return asset.status === 'approved' && (visibility.expiredVisible || !isExpired(asset.expiresAt, now));
}

/**
 * Rules 2, 4 and 5: the renditions of an asset that are listed to this actor, whatever their state, in the asset's own
 * order; none for an asset that the actor cannot see. Licences do not hide a rendition, they only keep its bytes back.
 * Lists of assets pass the actor's `accessTo`, so that it is compiled once.
 */
export function visibleRenditions(
  asset: Asset,
  actor: Actor,
  visibility: VisibilityConfiguration,
  now: Date,
  accessTo: AccessTo = renditionAccess(actor, visibility),
): Rendition[] {
  if (!canSeeAsset(asset, actor, visibility, now)) return [];
  return asset.renditions.filter((rendition) => accessTo(rendition).reason === null);
}

export interface ReadingFacts {
  asset: Asset;
  rendition: Rendition;
  actor: Actor;
  /** The asset's licence; null when it has none or it no longer exists. */
  licence: Licence | null;
  /** The actor's, as recorded; those of other licences are ignored. */
  acceptances: readonly RecordedAcceptance[];
  /** Ids of the image presets and smart-crop profiles that are approved. */
  approvedPresets: ReadonlySet<string>;
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
 * approved). It still obeys the switches and the rules for groups. Every other file needs the asset to be approved, not
 * expired (or both switches of rule 8) and its licence accepted. A dynamic or smart-crop rendition may be `pending`
 * still: it is allowed, and rendered for whoever asks. One made at ingest that is `pending` is
 * `rendition.none_available`.
 */
export function mayReadRendition(facts: ReadingFacts): ReadingVerdict {
  const reason = readingRefusal(facts);
  return reason === null ? { allowed: true } : { allowed: false, reason };
}

function readingRefusal(facts: ReadingFacts): Reason | null {
  const { asset, rendition, actor, visibility, now } = facts;
  if (rendition.assetId !== asset.id || !canSeeAsset(asset, actor, visibility, now)) return 'asset.not_found';
  const isThumbnail = rendition.kind === 'static' && rendition.name === thumbnailName;
  return (isThumbnail ? null : assetRefusal(facts)) ?? fileRefusal(facts);
}

/** Rules 1, 8 and 6. */
function assetRefusal({ asset, licence, acceptances, visibility, now }: ReadingFacts): Reason | null {
  if (asset.status !== 'approved') return 'asset.not_approved';
  if (isExpired(asset.expiresAt, now) && !(visibility.expiredVisible && visibility.expiredDownloadable)) {
    return 'asset.expired';
  }
  if (asset.licenceId === null) return null;
  return licenceRefusal(licence?.id === asset.licenceId ? licence : null, {
    given: [],
    recorded: acceptances,
    mode: visibility.licenceAcceptance,
    scope: { assetId: asset.id },
    now,
  });
}

/** Rules 4 and 5, and what is wrong with the file itself. */
function fileRefusal({ rendition, actor, visibility, approvedPresets }: ReadingFacts): Reason | null {
  const refusal =
    presetRefusal(rendition, approvedPresets) ??
    renditionAccess(actor, visibility)(rendition).reason ??
    renditionRefusal(rendition);
  if (refusal !== null) return refusal;
  return rendition.state === 'pending' && !isOnDemand(rendition) ? 'rendition.none_available' : null;
}
