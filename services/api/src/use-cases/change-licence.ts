import { findLicence } from '@sheaf/db/catalogue/find-licence';
import { updateLicence } from '@sheaf/db/catalogue/update-licence';
import type { Executor } from '@sheaf/db/database';
import { refuseApprovalWithoutTerms } from './refuse-approval-without-terms.ts';
import type { StoredDocument } from './store-document.ts';

export interface LicenceChange {
  licenceId: string;
  changes: { title?: string; approved?: boolean; expiresAt?: Date | null | undefined };
  /** New terms. */
  document: StoredDocument | null;
  now: Date;
}

/** Changes a licence, in a transaction. Throws `resource.not_found`, and `input.invalid` for an approval without terms. */
export async function changeLicence(tx: Executor, { licenceId, changes, document, now }: LicenceChange): Promise<void> {
  await document?.record(tx);
  await updateLicence(tx, licenceId, { ...changes, ...(document && { documentSha256: document.sha256 }) }, now);
  const licence = await findLicence(tx, licenceId);
  if (licence) refuseApprovalWithoutTerms({ approved: licence.approved, documentSha256: licence.sha256 });
}
