import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { runJob } from './job-run.ts';

test('what the queue keeps of a failed job says nothing of an error that is not ours; the log has all of it', async () => {
  const logged: object[] = [];
  const broken = new Error('Failed query: select $1\nparams: a-secret');
  const job = {
    id: '1-a',
    data: { assetId: randomUUID() },
    attemptsMade: 0,
    opts: { attempts: 3 },
    moveToWait: async () => 0,
  };
  const options = {
    timeoutMs: 1_000,
    abortGraceMs: 1_000,
    shutdown: new AbortController().signal,
    logger: { warn: (detail: object) => logged.push(detail) },
  };

  const kept = await runJob('render', () => Promise.reject(broken), job, undefined, undefined, options).catch(
    (error: Error) => error,
  );

  expect(kept).toBeInstanceOf(Error);
  expect(`${kept?.message}${kept?.stack}`).not.toContain('a-secret');
  expect(logged).toMatchObject([{ err: broken }]);
});
