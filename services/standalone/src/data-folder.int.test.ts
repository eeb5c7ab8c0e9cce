import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { holdDataFolder, runningInstance } from './data-folder.ts';

const cleanUps: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function setup() {
  const parent = await mkdtemp(path.join(tmpdir(), 'sheaf-data-folder-'));
  cleanUps.push(() => rm(parent, { recursive: true, force: true }));
  const folder = path.join(parent, 'data');
  return {
    folder,
    async hold() {
      const held = await holdDataFolder(folder);
      cleanUps.push(() => held.release());
      return held;
    },
    /** Another process that holds the folder until it is killed. */
    async holdElsewhere(): Promise<ChildProcess> {
      const module = JSON.stringify(new URL('data-folder.ts', import.meta.url).href);
      const script = `const { holdDataFolder } = await import(${module});
        await holdDataFolder(${JSON.stringify(folder)});
        console.log('held');
        setInterval(() => {}, 1_000);`;
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      cleanUps.push(() => void child.kill('SIGKILL'));
      await once(child.stdout!, 'data');
      return child;
    },
  };
}

test('a second process is refused the folder with one clear line', async () => {
  const { folder, hold, holdElsewhere } = await setup();
  await holdElsewhere();
  await expect(hold()).rejects.toMatchObject({
    code: 'resource.conflict',
    message: `Sheaf is already running on the data folder ${folder}. Stop it first, or set DATA_DIR to another folder.`,
  });
});

test('the folder is free again the moment its holder is killed', async () => {
  const { hold, holdElsewhere } = await setup();
  const holder = await holdElsewhere();
  const exited = once(holder, 'exit');
  holder.kill('SIGKILL');
  await exited;
  await expect(hold()).resolves.toBeDefined();
});

test('a released folder can be held again', async () => {
  const { hold } = await setup();
  await (await hold()).release();
  await expect(hold()).resolves.toBeDefined();
});

test('a file in place of the folder, or above it, is refused as not writable', async () => {
  const { folder, hold } = await setup();
  await writeFile(folder, 'a file');
  await expect(hold()).rejects.toMatchObject({
    code: 'storage.unavailable',
    message: `The data folder ${folder} cannot be written: it is a file. Set DATA_DIR to another folder.`,
  });
  await expect(holdDataFolder(path.join(folder, 'below'))).rejects.toThrow('it is below a file');
});

test('a place where nothing can be made is refused, rather than tried for ever', async () => {
  await expect(holdDataFolder('/proc/sheaf/data')).rejects.toMatchObject({ code: 'storage.unavailable' });
});

test('secrets are made once and only their owner may read them', async () => {
  const { folder, hold } = await setup();
  const first = await hold();
  const secretKey = await first.secretKey();
  const password = await first.postgresPassword();
  await first.release();
  const second = await hold();
  expect(await second.secretKey()).toBe(secretKey);
  expect(await second.postgresPassword()).toBe(password);
  expect(secretKey).not.toBe(password);
  expect(secretKey.length).toBeGreaterThanOrEqual(32);
  for (const file of ['secret-key', 'postgres-password']) {
    expect((await stat(path.join(folder, file))).mode & 0o777).toBe(0o600);
  }
});

test('others learn where the holder can be reached, and nothing once it is gone', async () => {
  const { folder, hold } = await setup();
  expect(await runningInstance(folder)).toBeNull();
  const held = await hold();
  expect(await runningInstance(folder)).toEqual({});
  const instance = { pid: process.pid, url: 'http://127.0.0.1:1', databaseUrl: 'postgres://x' };
  await held.announce(instance);
  expect(await runningInstance(folder)).toEqual(instance);
  expect((await stat(path.join(folder, 'running.json'))).mode & 0o777).toBe(0o600);
  await held.release();
  expect(await runningInstance(folder)).toBeNull();
});
