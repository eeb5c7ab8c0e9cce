import type { ErrorCode } from '@sheaf/domain/app-error';

/** What a process that serves tasks tells the one that started it. */
export type TaskMessage =
  | { kind: 'done'; result: unknown }
  | { kind: 'failed'; code: ErrorCode; message: string; detail: Record<string, unknown>; retryable: boolean }
  /** Sent now and then where the parent cannot see it for itself. */
  | { kind: 'resident'; bytes: number };
