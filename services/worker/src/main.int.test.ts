import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { setupWorker } from '../../../test/harness/worker.ts';

/** The worker's process with nothing in its environment but this. */
function run(env: Record<string, string>) {
  const child: ChildProcess = fork(fileURLToPath(new URL('./main.ts', import.meta.url)), [], {
    env: { PATH: process.env.PATH, LOG_LEVEL: 'silent', ...env },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, errors: text(child.stderr!), exit: once(child, 'exit') };
}

const secretKey = { SECRET_KEY: 'a secret key for tests, long enough' };

test('says every setting that is missing, and ends with 1', async () => {
  const { errors, exit } = run({});

  expect(await exit).toEqual([1, null]);
  expect(await errors).toMatch(/^The worker cannot start: DATABASE_URL is required: .*\nSECRET_KEY is required: .*\n$/);
});

test('says in one line that the database cannot be reached, and ends with 1', async () => {
  const { errors, exit } = run({ ...secretKey, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' });

  expect(await exit).toEqual([1, null]);
  expect(await errors).toBe('The worker cannot start: The database cannot be reached.\n');
});

test('says that it cannot link to a port that nobody knows yet, and ends with 1', async () => {
  const { errors, exit } = run({ ...secretKey, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing', PORT: '0' });

  expect(await exit).toEqual([1, null]);
  expect(await errors).toMatch(/^The worker cannot start: PUBLIC_URL is required where PORT is 0.*\n$/);
});

test.each(['SIGTERM', 'SIGINT', 'disconnect'] as const)('is ready, and after %s ends with 0', async (how) => {
  const { databaseUrl, storageFolder } = await setupWorker();
  const { child, errors, exit } = run({ ...secretKey, DATABASE_URL: databaseUrl, DATA_DIR: storageFolder });
  expect(await once(child, 'message')).toEqual([{ type: 'ready' }, undefined]);

  if (how === 'disconnect') child.disconnect();
  else child.kill(how);

  expect(await exit).toEqual([0, null]);
  expect(await errors).toBe('');
});
