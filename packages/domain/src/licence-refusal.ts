import { isExpired } from './is-expired.ts';
import type { Acceptance, Licence, RecordedAcceptance } from './licence.ts';
import type { Reason } from './outcome.ts';
import type { VisibilityConfiguration } from './visibility-configuration.ts';

export type LicenceReason = Extract<Reason, `licence.${string}`>;

/** How long an acceptance that was given for one file counts, where acceptances are for their own download only. */
const fileAcceptanceMs = 3_600_000;

/** What is to be had: a download (`downloadId` null: one that is only asked for), or one file of an asset by its URL. */
export type AcceptanceScope = { downloadId: string | null } | { assetId: string };

export interface AcceptanceFacts {
  /** Given with the request that is decided. */
  given: readonly Acceptance[];
  /** The actor's, as recorded. */
  recorded: readonly RecordedAcceptance[];
  mode: VisibilityConfiguration['licenceAcceptance'];
  scope: AcceptanceScope;
  now: Date;
}

/**
 * Rule 6: why a licence keeps its assets back, or null when its terms in force have been accepted.
 *
 * A licence that is unknown, not approved, without a document or expired cannot be previewed, so no acceptance of it
 * counts. One that is given with the request counts for the exact bytes of the terms in force; a recorded one for their
 * version, so that terms which return after others are to be accepted anew. Where acceptances count for their own
 * download only, recorded ones of other downloads are as good as none, and one that was given for a file counts for
 * files of that asset and for an hour. Acceptances of other licences are ignored.
 */
export function licenceRefusal(
  licence: Licence | null | undefined,
  { given, recorded, mode, scope, now }: AcceptanceFacts,
): LicenceReason | null {
  if (!licence?.approved || licence.sha256 === null || isExpired(licence.expiresAt, now)) {
    return 'licence.not_approved';
  }
  let refusal: LicenceReason = 'licence.not_accepted';
  for (const acceptance of given) {
    if (acceptance.licenceId !== licence.id) continue;
    if (acceptance.sha256 === licence.sha256) return null;
    refusal = 'licence.changed';
  }
  for (const acceptance of recorded) {
    if (acceptance.licenceId !== licence.id) continue;
    if (mode === 'per-download' && !isWithin(acceptance, scope, now)) continue;
    if (acceptance.version === licence.version && acceptance.sha256 === licence.sha256) return null;
    refusal = 'licence.changed';
  }
  return refusal;
}

function isWithin({ downloadId, assetId, acceptedAt }: RecordedAcceptance, scope: AcceptanceScope, now: Date): boolean {
  if ('downloadId' in scope) return scope.downloadId !== null && downloadId === scope.downloadId;
  return downloadId === null && assetId === scope.assetId && now.getTime() - acceptedAt.getTime() <= fileAcceptanceMs;
}
