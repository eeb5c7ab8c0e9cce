import type { ProblemJson } from '@sheaf/contract/problem';
import type { AppError } from '@sheaf/domain/app-error';
import { errorStatus } from './error-status.ts';

/** The facts of an error's `detail` that callers are given; the rest is for the log. */
const publicFacts = [
  'errors',
  'outcomes',
  'retry',
  'licences',
  'counts',
  'limit',
  'state',
  'reason',
  'quota',
  'used',
  'left',
  'asked',
  'subject',
  'retryAfter',
] as const;

/** An error as RFC 9457 has it. */
export function toProblem(error: AppError, requestId: string): ProblemJson {
  const { status, title } = errorStatus[error.code];
  const facts = publicFacts.filter((name) => error.detail[name] !== undefined);
  return {
    type: `urn:sheaf:problem:${error.code}`,
    title,
    status,
    code: error.code,
    detail: error.message,
    requestId,
    ...Object.fromEntries(facts.map((name) => [name, error.detail[name]])),
  };
}
