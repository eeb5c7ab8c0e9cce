import type { AssetDecision } from './decide-asset.ts';
import type { LicenceNeed } from './download-decision.ts';
import { isExpired } from './is-expired.ts';
import type { Licence } from './licence.ts';
import type { LicenceReason } from './licence-refusal.ts';

/**
 * Rule 7: the licences that a selection needs, each with the assets that depend on it, in the order in which the request
 * first meets them. Assets that are refused for themselves need no licence. An expired licence shows as not approved.
 */
export function groupLicences(
  decisions: readonly AssetDecision[],
  licences: ReadonlyMap<string, Licence>,
  licenceRefusal: (licenceId: string) => LicenceReason | null,
  now: Date,
): LicenceNeed[] {
  const needs = new Map<string, LicenceNeed>();
  for (const { assetId, asset, needsLicence } of decisions) {
    const licenceId = asset?.licenceId;
    if (!needsLicence || licenceId == null) continue;
    const known = needs.get(licenceId);
    if (known !== undefined) {
      known.assetIds.push(assetId);
      continue;
    }
    const licence = licences.get(licenceId);
    needs.set(licenceId, {
      licenceId,
      title: licence?.title ?? '',
      approved: licence?.approved === true && !isExpired(licence.expiresAt, now),
      sha256: licence?.sha256 ?? null,
      version: licence?.version ?? 0,
      accepted: licenceRefusal(licenceId) === null,
      assetIds: [assetId],
    });
  }
  return [...needs.values()];
}
