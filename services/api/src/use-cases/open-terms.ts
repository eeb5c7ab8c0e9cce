import { findBlob } from '@sheaf/db/catalogue/find-blob';
import type { Executor } from '@sheaf/db/database';
import { AppError } from '@sheaf/domain/app-error';
import type { Storage } from '@sheaf/storage/file-storage';
import type { SentFile } from '../file-delivery/send-file.ts';

/** A stored PDF of terms, to be shown in the page. Throws `blob.missing` or `blob.corrupt` where its bytes are not there. */
export async function openTerms(
  { executor, storage }: { executor: Executor; storage: Pick<Storage, 'blobs'> },
  { sha256, fileName }: { sha256: string; fileName: string },
): Promise<SentFile> {
  const [blob, stored] = await Promise.all([findBlob(executor, sha256), storage.blobs.stat(sha256)]);
  if (!blob || !stored) throw new AppError('blob.missing', 'The document is not in the storage any more.');
  if (stored.size !== blob.size || blob.fault === 'corrupt')
    throw new AppError('blob.corrupt', 'The stored document is damaged.');
  return {
    sha256,
    size: blob.size,
    mediaType: 'application/pdf',
    fileName,
    disposition: 'inline',
    open: (range) => storage.blobs.read(sha256, range),
  };
}
