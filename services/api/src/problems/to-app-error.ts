import { isConnectionError } from '@sheaf/db/database';
import { AppError, type ErrorCode } from '@sheaf/domain/app-error';

/** What a caller is told of the framework's own refusals. */
const messages: Partial<Record<number, { code: ErrorCode; message: string }>> = {
  404: { code: 'resource.not_found', message: 'There is nothing at this address.' },
  413: { code: 'input.too_large', message: 'The body is larger than this call takes.' },
  414: { code: 'input.too_large', message: 'The address is longer than this server takes.' },
  415: { code: 'input.media_type', message: 'This call does not take a body of this content type.' },
  431: { code: 'input.too_large', message: 'The headers are larger than this server takes.' },
};

/**
 * Any thrown value as the error to answer with. What is not ours and not the caller's fault becomes `internal`, with
 * the original as its cause for the log: nothing of it reaches the caller.
 */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const { statusCode, message } = (error ?? {}) as { statusCode?: number; message?: string };
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    const known = messages[statusCode];
    if (known) return new AppError(known.code, known.message, { cause: error });
    return new AppError('input.invalid', message ?? 'The request is not valid.', { cause: error });
  }
  const chain = causesOf(error);
  if (chain.some(isUnstorableText)) {
    return new AppError('input.invalid', 'The request holds a character that cannot be stored (U+0000).', {
      cause: error,
    });
  }
  if (chain.some(isConnectionError)) {
    return new AppError('service.unavailable', 'The database cannot be reached.', { retryable: true, cause: error });
  }
  return new AppError('internal', 'Something went wrong here. The request id finds it in the log.', { cause: error });
}

/** The error and what caused it: libraries wrap the driver's errors, some of them twice. */
function causesOf(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let next = error; next instanceof Error && !chain.includes(next); next = next.cause) chain.push(next);
  return chain;
}

/** PostgreSQL's text takes every character but U+0000, and says so by these codes. */
function isUnstorableText(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return code === '22021' || code === '22P05';
}
