import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { postgresAccount } from './postgres-account.ts';
import { postgresPrograms } from './postgres-programs.ts';

const run = promisify(execFile);
const cleanUps: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A folder that only this process's user may enter. */
async function privateFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sheaf-account-'));
  cleanUps.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test('programs and data may both lie below private folders, also for root', async () => {
  const folder = await privateFolder();
  const { initdb } = await postgresPrograms();
  await run('cp', ['-a', path.resolve(initdb, '../..'), path.join(folder, 'native')]);
  const program = path.join(folder, 'native', 'bin', 'initdb');
  const data = path.join(folder, 'data');
  await mkdir(data, { mode: 0o700 });
  const account = await postgresAccount(program, folder);
  await account.own(data);
  const [command, ...args] = [...account.prefix, program, '--no-sync', '--auth=trust', `--pgdata=${data}/cluster`];
  const { stdout } = await run(command!, args, { ...account.spawnOptions, cwd: '/' });
  expect(stdout).toContain('Success');
});

test('a program that is not there is refused with a line that says what to do', async () => {
  const folder = await privateFolder();
  const missing = postgresAccount(path.join(folder, 'postgres'), folder);
  if (process.getuid?.() === 0) await expect(missing).rejects.toThrow(/Start Sheaf as another user, set DATA_DIR/);
  else await expect(missing).resolves.toBeDefined();
});
