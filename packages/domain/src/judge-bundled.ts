import type { Actor } from './actor.ts';
import type { AssetStatus } from './asset.ts';
import { canSeeAsset } from './asset-visibility.ts';
import { isExpired } from './is-expired.ts';
import type { Licence, RecordedAcceptance } from './licence.ts';
import { licenceRefusal } from './licence-refusal.ts';
import type { Reason } from './outcome.ts';
import type { Rendition } from './rendition.ts';
import { renditionAccess } from './rendition-access.ts';
import { presetRefusal } from './rendition-refusal.ts';
import type { VisibilityConfiguration } from './visibility-configuration.ts';

/** Assets of a bundle that every rule treats alike, as they are now. */
export interface BundledGroup {
  /** Null when they are no longer in the catalogue. */
  status: AssetStatus | null;
  licenceId: string | null;
  expiresAt: Date | null;
  /** Their files in the bundle. */
  files: readonly Pick<Rendition, 'kind' | 'name' | 'presetId'>[];
}

export interface BundleFacts {
  /** Whose download it is: everybody who has a link gets what this user may have. */
  owner: Actor;
  downloadId: string;
  /** The licences of the assets, as far as they exist. */
  licences: ReadonlyMap<string, Licence>;
  /** The owner's. */
  acceptances: readonly RecordedAcceptance[];
  /** Ids of the image presets and smart-crop profiles that are approved. */
  approvedPresets: ReadonlySet<string>;
  visibility: VisibilityConfiguration;
  now: Date;
}

/**
 * Decides afresh whether files that are in a bundle may still be handed out: for a group of its assets, why not, or null.
 * The rules are those of `mayReadRendition`, with two differences. A file named `thumbnail` is a file like any other.
 * And a bundle holds the bytes that it was made of, so that changed presets do not matter; faulty blobs matter to what is
 * streamed from them alone, which is no question of rights.
 */
export function judgeBundled(facts: BundleFacts): (group: BundledGroup) => Reason | null {
  const { owner, downloadId, licences, acceptances, approvedPresets, visibility, now } = facts;
  const accessTo = renditionAccess(owner, visibility);
  const mode = visibility.licenceAcceptance;
  return ({ status, licenceId, expiresAt, files }) => {
    if (status === null || !canSeeAsset({ status, expiresAt }, owner, visibility, now)) return 'asset.not_found';
    if (status !== 'approved') return 'asset.not_approved';
    if (isExpired(expiresAt, now) && !(visibility.expiredVisible && visibility.expiredDownloadable)) {
      return 'asset.expired';
    }
    if (licenceId !== null) {
      const accepted = { given: [], recorded: acceptances, mode, scope: { downloadId }, now };
      const refusal = licenceRefusal(licences.get(licenceId), accepted);
      if (refusal !== null) return refusal;
    }
    for (const file of files) {
      const refusal = presetRefusal(file, approvedPresets) ?? accessTo(file).reason;
      if (refusal !== null) return refusal;
    }
    return null;
  };
}
