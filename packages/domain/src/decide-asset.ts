import type { Actor } from './actor.ts';
import type { Asset } from './asset.ts';
import { canSeeAsset } from './asset-visibility.ts';
import type { ChooseRenditions } from './choose-renditions.ts';
import type { DownloadRequest } from './download-request.ts';
import { isExpired } from './is-expired.ts';
import type { LicenceReason } from './licence-refusal.ts';
import type { Reason } from './outcome.ts';
import type { Rendition } from './rendition.ts';
import type { VisibilityConfiguration } from './visibility-configuration.ts';

export interface AssetDecision {
  assetId: string;
  /** Null when there is no such asset as far as the actor can tell. */
  asset: Asset | null;
  /** Null when everything asked for is included; with `renditions`, why some of the files are left out. */
  reason: Reason | null;
  /** The files that are included; none when the asset is excluded. */
  renditions: Rendition[];
  /** Whether the asset could be had but for its licence, so that the licence has to be shown (rule 7). */
  needsLicence: boolean;
}

export interface AssetFacts {
  request: Pick<DownloadRequest, 'expiredAssets'>;
  /** Licences that were taken out of the request. */
  withoutLicences: ReadonlySet<string>;
  choose: ChooseRenditions;
  actor: Actor;
  visibility: VisibilityConfiguration;
  now: Date;
  /** Why a licence keeps its assets back; null when it does not. */
  licenceRefusal: (licenceId: string) => LicenceReason | null;
}

/** What happens to one asset of a request, before names and parts: rules 1, 7, 8, 6 and 2 to 5, in this order. */
export function decideAsset(assetId: string, asset: Asset | undefined, facts: AssetFacts): AssetDecision {
  const { request, actor, visibility, now } = facts;
  if (asset === undefined || !canSeeAsset(asset, actor, visibility, now)) {
    return { assetId, asset: null, reason: 'asset.not_found', renditions: [], needsLicence: false };
  }
  if (asset.licenceId !== null && facts.withoutLicences.has(asset.licenceId)) {
    return { assetId, asset, reason: 'licence.removed', renditions: [], needsLicence: false };
  }
  if (asset.status !== 'approved') {
    return { assetId, asset, reason: 'asset.not_approved', renditions: [], needsLicence: false };
  }
  const expiredAllowed =
    visibility.expiredVisible && visibility.expiredDownloadable && request.expiredAssets === 'include';
  if (!expiredAllowed && isExpired(asset.expiresAt, now)) {
    return { assetId, asset, reason: 'asset.expired', renditions: [], needsLicence: false };
  }
  const needsLicence = asset.licenceId !== null;
  const refusal = asset.licenceId === null ? null : facts.licenceRefusal(asset.licenceId);
  if (refusal !== null) return { assetId, asset, reason: refusal, renditions: [], needsLicence };
  const { renditions, reason } = facts.choose(asset);
  return { assetId, asset, reason, renditions, needsLicence };
}
