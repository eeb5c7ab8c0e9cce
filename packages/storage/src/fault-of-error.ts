import { AppError } from '@sheaf/domain/app-error';
import type { BlobFault } from '@sheaf/domain/rendition';

/** Which stored file a failed read found to be missing or damaged; null where the error says nothing of the kind. */
export function faultOfError(error: unknown): { sha256: string; fault: BlobFault } | null {
  if (!(error instanceof AppError) || (error.code !== 'blob.missing' && error.code !== 'blob.corrupt')) return null;
  const { sha256 } = error.detail;
  if (typeof sha256 !== 'string') return null;
  return { sha256, fault: error.code === 'blob.missing' ? 'missing' : 'corrupt' };
}

/** What the system says where a medium does not give a file's bytes, though the file is there. */
const mediumErrors: readonly unknown[] = ['EIO', 'ENODATA'];

/** Whether a read failed since the medium does not give what is there: of this file, or of a storage that is failing. */
export function isMediumError(error: unknown): error is AppError {
  const isUnavailable = error instanceof AppError && error.code === 'storage.unavailable';
  return isUnavailable && mediumErrors.includes(error.detail.systemErrorCode);
}

/**
 * Which stored file a read failed at since its medium does not give its bytes; null for any other error. Whether that is
 * the file's fault or that of a storage that is failing as a whole, the error does not say.
 */
export function unreadableOf(error: unknown): string | null {
  return isMediumError(error) && typeof error.detail.sha256 === 'string' ? error.detail.sha256 : null;
}
