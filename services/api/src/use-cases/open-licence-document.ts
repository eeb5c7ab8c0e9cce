import { findBlob } from '@sheaf/db/catalogue/find-blob';
import { findLicence } from '@sheaf/db/catalogue/find-licence';
import type { Executor } from '@sheaf/db/database';
import type { Actor } from '@sheaf/domain/actor';
import { AppError } from '@sheaf/domain/app-error';
import type { Storage } from '@sheaf/storage/file-storage';
import type { SentFile } from '../file-delivery/send-file.ts';
import { mayReadDocument } from './licence-json.ts';

/**
 * The PDF of a licence's terms. Throws `licence.document_unavailable` where it may not be shown (rule 6) or was never
 * stored, `resource.not_found` where there is no such licence, `blob.missing` where the file is gone.
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
  const { sha256 } = licence;
  const [blob, stored] = await Promise.all([findBlob(executor, sha256), storage.blobs.stat(sha256)]);
  if (!blob || !stored) throw new AppError('blob.missing', 'The document is not in the storage any more.');
  if (stored.size !== blob.size) throw new AppError('blob.corrupt', 'The stored document is damaged.');
  return {
    sha256,
    size: blob.size,
    mediaType: 'application/pdf',
    fileName: `${licence.title}.pdf`,
    disposition: 'inline',
    open: (range) => storage.blobs.read(sha256, range),
  };
}
