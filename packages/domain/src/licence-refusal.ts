import { isExpired } from './is-expired.ts';
import type { Acceptance, Licence } from './licence.ts';
import type { Reason } from './outcome.ts';

export type LicenceReason = Extract<Reason, `licence.${string}`>;

/**
 * Rule 6: why a licence keeps its assets back, or null when its terms in force have been accepted.
 *
 * A licence that is unknown, not approved, without a document or expired cannot be previewed, so no acceptance of it
 * counts. An acceptance counts only for the exact bytes of the current terms. Acceptances of other licences are ignored.
 */
export function licenceRefusal(
  licence: Licence | null | undefined,
  acceptances: readonly Acceptance[],
  now: Date,
): LicenceReason | null {
  if (!licence?.approved || licence.sha256 === null || isExpired(licence.expiresAt, now)) {
    return 'licence.not_approved';
  }
  let refusal: LicenceReason = 'licence.not_accepted';
  for (const acceptance of acceptances) {
    if (acceptance.licenceId !== licence.id) continue;
    if (acceptance.sha256 === licence.sha256) return null;
    refusal = 'licence.changed';
  }
  return refusal;
}
