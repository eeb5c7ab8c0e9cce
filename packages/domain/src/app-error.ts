/** Every way in which Sheaf refuses or fails, as codes that callers can rely on. HTTP statuses are the API's business. */
export const errorCodes = [
  'input.invalid',
  'input.too_large',
  'input.media_type',
  'auth.required',
  'auth.forbidden',
  'resource.not_found',
  'resource.conflict',
  'idempotency.mismatch',
  'idempotency.in_progress',
  'rate.limited',
  'quota.exceeded',
  'service.unavailable',
  'internal',
  'download.empty',
  'download.too_many_assets',
  'download.assets_refused',
  'download.state_conflict',
  'download.worker_lost',
  'download.quarantined',
  'link.expired',
  'link.revoked',
  'licence.document_unavailable',
  'upload.too_large',
  'upload.unreadable',
  'upload.empty',
  'blob.missing',
  'blob.corrupt',
  'storage.full',
  'storage.unavailable',
  'render.failed',
  'render.pending',
  'notification.refused',
  'webhook.address_refused',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export interface AppErrorOptions {
  /** Facts for whoever handles the error; never secrets. */
  detail?: Record<string, unknown>;
  /** Whether the same attempt may succeed later without anyone changing anything. */
  retryable?: boolean;
  cause?: unknown;
}

/** The one error type that crosses module borders. `message` is for people; `code` is for programs. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly detail: Record<string, unknown>;
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.detail = options.detail ?? {};
    this.retryable = options.retryable ?? false;
  }
}
