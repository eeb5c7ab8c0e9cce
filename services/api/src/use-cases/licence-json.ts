import type { LicenceJson } from '@sheaf/contract/licence';
import type { LicenceRecord } from '@sheaf/db/catalogue/licence-record';
import type { Actor } from '@sheaf/domain/actor';
import { isExpired } from '@sheaf/domain/is-expired';
import type { Acceptance } from '@sheaf/domain/licence';

/** Rule 6: whether the licence's PDF may be shown to this actor. Administrators review it before they approve it. */
export function mayReadDocument(licence: LicenceRecord, actor: Actor, now: Date): boolean {
  if (licence.sha256 === null) return false;
  return actor.role === 'administrator' || (licence.approved && !isExpired(licence.expiresAt, now));
}

export interface LicenceViewing {
  actor: Actor;
  /** The actor's own. */
  acceptances: readonly Acceptance[];
  now: Date;
}

export function licenceJson(licence: LicenceRecord, { actor, acceptances, now }: LicenceViewing): LicenceJson {
  const { id, title, approved, sha256, expiresAt, createdAt } = licence;
  return {
    id,
    title,
    approved,
    sha256,
    expiresAt: expiresAt?.toISOString() ?? null,
    documentUrl: mayReadDocument(licence, actor, now) ? `/api/v1/licences/${id}/document` : null,
    accepted: acceptances.some((acceptance) => acceptance.licenceId === id && acceptance.sha256 === sha256),
    createdAt: createdAt.toISOString(),
  };
}
