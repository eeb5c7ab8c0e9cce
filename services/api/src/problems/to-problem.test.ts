import { problemSchema } from '@sheaf/contract/problem';
import { AppError, type ErrorCode } from '@sheaf/domain/app-error';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { toProblem } from './to-problem.ts';

const id = '0198c0de-0000-7000-8000-000000000001';
const outcome = { assetId: id, title: 'Harbour', outcome: 'excluded', entries: [], renamed: false };

const told: { code: ErrorCode; detail: Record<string, unknown> }[] = [
  {
    code: 'quota.exceeded',
    detail: {
      quota: 'bytes',
      subject: { kind: 'group', id, name: 'Agency' },
      limit: 3_000,
      used: 2_500,
      asked: 1_000,
      left: 500,
      retryAfter: 60,
    },
  },
  {
    code: 'download.assets_refused',
    detail: {
      counts: { refused: 1 },
      outcomes: [{ ...outcome, reason: 'rendition.not_approved' }],
      retry: `/api/v1/downloads/${id}/retry`,
    },
  },
  {
    code: 'download.too_many_assets',
    detail: { limit: 10, counts: { assets: 11, included: 0, excluded: 11, entries: 0, renamed: 0 } },
  },
  { code: 'auth.forbidden', detail: { reason: 'visibility.rule_denied' } },
  { code: 'rate.limited', detail: { retryAfter: 12, limit: 600 } },
  { code: 'input.invalid', detail: { errors: [{ path: '/name', message: 'must be a text' }] } },
];

test.each(told)('all that $code tells callers is named and typed in the contract', ({ code, detail }) => {
  const problem = toProblem(new AppError(code, 'Refused.', { detail }), 'request');
  expect(problem).toMatchObject(detail);
  expect(Object.keys(problemSchema.properties)).toEqual(expect.arrayContaining(Object.keys(problem)));
  expect(Value.Errors(problemSchema, problem)).toEqual([]);
});

test('what the contract does not name stays in the log', () => {
  const problem = toProblem(new AppError('internal', 'Broken.', { detail: { path: '/var/secret' } }), 'request');
  expect(problem).not.toHaveProperty('path');
});
