import { findLicence } from '@sheaf/db/catalogue/find-licence';
import type { Executor } from '@sheaf/db/database';
import type { Actor } from '@sheaf/domain/actor';
import { AppError } from '@sheaf/domain/app-error';
import type { Storage } from '@sheaf/storage/file-storage';
import type { SentFile } from '../file-delivery/send-file.ts';
import { mayReadDocument } from './licence-json.ts';
import { openTerms } from './open-terms.ts';

/**
 * The PDF of a licence's terms in force. Throws `licence.document_unavailable` where it may not be shown (rule 6) or was
 * never stored, `resource.not_found` where there is no such licence, `blob.missing` where the file is gone.
 */
export async function openLicenceDocument(
  { executor, storage }: { executor: Executor; storage: Pick<Storage, 'blobs'> },
  { licenceId, actor, now }: { licenceId: string; actor: Actor; now: Date },
): Promise<SentFile> {
  const licence = await findLicence(executor, licenceId);
  if (!licence) throw new AppError('resource.not_found', 'There is no such licence.');
  if (licence.sha256 === null || !mayReadDocument(licence, actor, now)) {
    throw new AppError('licence.document_unavailable', 'The terms of this licence can be read once it is approved.');
  }
  return openTerms({ executor, storage }, { sha256: licence.sha256, fileName: `${licence.title}.pdf` });
}
