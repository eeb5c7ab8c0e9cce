import { findLicence } from '@sheaf/db/catalogue/find-licence';
import type { LicenceRecord } from '@sheaf/db/catalogue/licence-record';
import { lockLicence } from '@sheaf/db/catalogue/lock-licence';
import { updateLicence } from '@sheaf/db/catalogue/update-licence';
import type { Executor } from '@sheaf/db/database';
import { type ChangedFacts, changedFacts } from '../changed-facts.ts';
import { refuseApprovalWithoutTerms } from './refuse-approval-without-terms.ts';
import type { StoredDocument } from './store-document.ts';

export interface LicenceChange {
  licenceId: string;
  changes: { title?: string; approved?: boolean; expiresAt?: Date | null | undefined };
  /** New terms. */
  document: StoredDocument | null;
  changedBy: string;
  now: Date;
}

/**
 * Changes a licence, in a transaction. Returns what it changed, null for nothing. Throws `resource.not_found`, and
 * `input.invalid` for an approval without terms.
 */
export async function changeLicence(
  tx: Executor,
  { licenceId, changes, document, changedBy, now }: LicenceChange,
): Promise<ChangedFacts<LicenceFacts> | null> {
  await document?.record(tx);
  const before = await lockLicence(tx, licenceId);
  await updateLicence(
    tx,
    licenceId,
    { ...changes, changedBy, ...(document && { documentSha256: document.sha256 }) },
    now,
  );
  const after = await findLicence(tx, licenceId);
  if (before === null || after === null) return null;
  refuseApprovalWithoutTerms({ approved: after.approved, documentSha256: after.sha256 });
  return changedFacts(licenceFacts(before), licenceFacts(after));
}

type LicenceFacts = ReturnType<typeof licenceFacts>;

function licenceFacts({ title, approved, version, sha256, expiresAt }: LicenceRecord) {
  return { title, approved, version, sha256, expiresAt };
}
