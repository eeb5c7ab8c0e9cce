import { AppError } from '@sheaf/domain/app-error';

/** The system's own code of a failed file operation, such as `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** A failed file operation as `storage.full` or `storage.unavailable`, with that detail. An AppError is passed through. */
export function storageError(cause: unknown, detail: Record<string, unknown> = {}): AppError {
  if (cause instanceof AppError) return cause;
  const systemErrorCode = systemCode(cause);
  const options = { cause, retryable: true, detail: { ...detail, systemErrorCode } };
  if (systemErrorCode === 'ENOSPC' || systemErrorCode === 'EDQUOT') {
    return new AppError('storage.full', 'There is no space left in the storage.', options);
  }
  return new AppError('storage.unavailable', 'The storage could not be read or written.', options);
}
