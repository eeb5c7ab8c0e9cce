import type { LicenceJson } from '@sheaf/contract/licence';
import type { LicenceRecord } from '@sheaf/db/catalogue/licence-record';
import type { Actor } from '@sheaf/domain/actor';
import { isExpired } from '@sheaf/domain/is-expired';
import type { RecordedAcceptance } from '@sheaf/domain/licence';
import { seesEverything } from '@sheaf/domain/sees-everything';
import type { VisibilityConfiguration } from '@sheaf/domain/visibility-configuration';

/** Rule 6: whether the licence's PDF may be shown to this actor. Administrators review it before they approve it, auditors see what they see. */
export function mayReadDocument(licence: LicenceRecord, actor: Actor, now: Date): boolean {
  if (licence.sha256 === null) return false;
  return seesEverything(actor) || (licence.approved && !isExpired(licence.expiresAt, now));
}

export interface LicenceViewing {
  actor: Actor;
  /** The actor's own. */
  acceptances: readonly RecordedAcceptance[];
  /** Where every download asks anew, no acceptance is shown as given. */
  licenceAcceptance: VisibilityConfiguration['licenceAcceptance'];
  now: Date;
}

export function licenceJson(
  licence: LicenceRecord,
  { actor, acceptances, licenceAcceptance, now }: LicenceViewing,
): LicenceJson {
  const { id, title, approved, sha256, version, expiresAt, createdAt } = licence;
  const inForce = (given: RecordedAcceptance) =>
    given.licenceId === id && given.version === version && given.sha256 === sha256;
  return {
    id,
    title,
    approved,
    sha256,
    version,
    expiresAt: expiresAt?.toISOString() ?? null,
    documentUrl: mayReadDocument(licence, actor, now) ? `/api/v1/licences/${id}/document` : null,
    accepted: licenceAcceptance === 'remembered' && acceptances.some(inForce),
    createdAt: createdAt.toISOString(),
  };
}
