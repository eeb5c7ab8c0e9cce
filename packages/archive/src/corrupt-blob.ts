import { AppError } from '@sheaf/domain/app-error';
import type { BlobReference } from './archive-entry.ts';

interface NamedBlob {
  /** Of the entry. */
  path: string;
  blob: BlobReference;
}

/** A stored file of another length than recorded; `size` is what was found, or one that shows it to be too long. */
export function wrongLength({ path, blob }: NamedBlob, size: number): AppError {
  return new AppError('blob.corrupt', 'A stored file does not have the length that was recorded.', {
    detail: { path, sha256: blob.sha256, expectedSize: blob.size, size },
  });
}

/** A stored file of the right length with other bytes than recorded. */
export function wrongCrc({ path, blob }: NamedBlob, crc32: number): AppError {
  return new AppError('blob.corrupt', 'A stored file does not have the bytes that were recorded.', {
    detail: { path, sha256: blob.sha256, expectedCrc32: blob.crc32, crc32 },
  });
}
