import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { runJob } from './job-run.ts';

const patient = {
  timeoutMs: 1_000,
  abortGraceMs: 1_000,
  shutdown: new AbortController().signal,
  logger: { warn: () => {} },
};

function jobWith({ attemptsMade = 0, attempts = 3 } = {}) {
  return { id: '1-a', data: { assetId: randomUUID() }, attemptsMade, opts: { attempts }, moveToWait: async () => 0 };
}

test('what the queue keeps of a failed job says nothing of an error that is not ours; the log has all of it', async () => {
  const logged: object[] = [];
  const broken = new Error('Failed query: select $1\nparams: a-secret');
  const options = { ...patient, logger: { warn: (detail: object) => logged.push(detail) } };

  const kept = await runJob('render', () => Promise.reject(broken), jobWith(), undefined, undefined, options).catch(
    (error: Error) => error,
  );

  expect(kept).toBeInstanceOf(Error);
  expect(`${kept?.message}${kept?.stack}`).not.toContain('a-secret');
  expect(logged).toMatchObject([{ err: broken }]);
});

test.each([
  { attemptsMade: 0, attempts: 3, isLast: false },
  { attemptsMade: 1, attempts: 3, isLast: false },
  { attemptsMade: 2, attempts: 3, isLast: true },
  { attemptsMade: 0, attempts: 1, isLast: true },
])('a handler knows its last run: %o', async ({ isLast, ...made }) => {
  const runs: unknown[] = [];
  const handler = async (_payload: unknown, _signal: unknown, run: object) => void runs.push(run);
  await runJob('render', handler, jobWith(made), undefined, undefined, patient);
  expect(runs).toEqual([{ isLast }]);
});
