import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, expect, test, vi } from 'vitest';
import { freePort } from './harness/free-port.ts';
import { requireMounts } from './harness/require-mounts.ts';
import { dataFolders, processesOf, runSheaf, type SheafProcess } from './harness/sheaf-process.ts';

const run = promisify(execFile);
const folders = dataFolders();
const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  await folders.removeAll();
});

interface Started {
  folder: string;
  url: string;
  sheaf: SheafProcess;
}

async function setup() {
  const folder = await folders.create();
  const port = await freePort();
  const env: Record<string, string> = { DATA_DIR: folder, PORT: String(port) };
  return {
    folder,
    port,
    env,
    url: `http://127.0.0.1:${port}`,
    /** Starts it and waits until it is ready. */
    async start(): Promise<Started> {
      const sheaf = runSheaf(['start'], env);
      cleanUps.push(() => sheaf.kill('SIGKILL'));
      const [, url] = await sheaf.printed(/Sheaf is ready at (\S+)/);
      return { folder, url: url!, sheaf };
    },
  };
}

/** Waits until the sample catalogue and the first download are there, which a first start makes. */
async function introduced({ sheaf }: Started): Promise<void> {
  await sheaf.printed(/Press Ctrl-C to stop/);
}

async function stop({ sheaf, folder }: Started): Promise<void> {
  sheaf.kill('SIGINT');
  expect(await sheaf.ended).toBe(0);
  expect(await processesOf(folder)).toEqual([]);
}

async function signIn(url: string, email: string, password: string): Promise<Response> {
  return fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ email, password }),
  });
}

async function processRunning(folder: string, command: string): Promise<number> {
  const found = (await processesOf(folder)).find((entry) => entry.command.includes(command));
  if (!found) throw new Error(`There is no ${command} of ${folder}.`);
  return found.pid;
}

const healthy = async (url: string) => expect((await fetch(`${url}/readyz`)).status).toBe(200);

test('the first start prints how to sign in, keeps the passwords for their owner alone, and its first download can be fetched', async () => {
  const { start, url } = await setup();
  const started = await start();
  await introduced(started);
  expect(started.url).toBe(url);
  const file = path.join(started.folder, 'credentials.json');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const credentials = JSON.parse(await readFile(file, 'utf8'));
  for (const role of ['administrator', 'requester']) {
    const { email, password } = credentials[role];
    expect(started.sheaf.stdout).toContain(password);
    expect((await signIn(url, email, password)).status).toBe(200);
  }
  expect((await signIn(url, credentials.requester.email, 'not this one')).status).toBe(401);
  const [link] = started.sheaf.stdout.match(/http\S+\/d\/\S+/)!;
  const answer = await fetch(link!);
  expect(answer.status).toBe(200);
  expect((await answer.arrayBuffer()).byteLength).toBe(Number(answer.headers.get('content-length')));
  await stop(started);
});

test('a later start does nothing of the first one again and shows no password', async () => {
  const { start } = await setup();
  const first = await start();
  await introduced(first);
  const { requester } = JSON.parse(await readFile(path.join(first.folder, 'credentials.json'), 'utf8'));
  await stop(first);
  const second = await start();
  await introduced(second);
  expect(second.sheaf.stdout).not.toContain(requester.password);
  expect(second.sheaf.stdout).toContain(path.join(second.folder, 'credentials.json'));
  expect((await signIn(second.url, requester.email, requester.password)).status).toBe(200);
  await stop(second);
});

test('without the sample pictures the first start says so once, and its users can sign in', async () => {
  const { start, env } = await setup();
  env.NODE_OPTIONS = `--require=${fileURLToPath(new URL('./harness/hide-pictures.cjs', import.meta.url))}`;
  const first = await start();
  await introduced(first);
  expect(first.sheaf.stdout.match(/pictures are not installed/g)).toHaveLength(1);
  expect(first.sheaf.stderr).toBe('');
  const { administrator } = JSON.parse(await readFile(path.join(first.folder, 'credentials.json'), 'utf8'));
  expect((await signIn(first.url, administrator.email, administrator.password)).status).toBe(200);
  await stop(first);
  const second = await start();
  await introduced(second);
  expect(second.sheaf.stdout).not.toContain('pictures');
  expect(second.sheaf.stderr).toBe('');
  await stop(second);
});

test('a second start on the same data folder is refused and leaves the first alone', async () => {
  const { start, env } = await setup();
  const started = await start();
  const second = runSheaf(['start'], { ...env, PORT: '0' });
  expect(await second.ended).toBe(1);
  expect(second.stderr).toBe(
    `sheaf: Sheaf is already running on the data folder ${started.folder}. Stop it first, or set DATA_DIR to another folder.\n`,
  );
  expect(second.stdout).toBe('');
  await healthy(started.url);
  await stop(started);
});

test('api, worker and database come back after kill -9, each by itself', async () => {
  const { start } = await setup();
  const started = await start();
  for (const command of ['services/api/src/main.ts', 'services/worker/src/main.ts', 'postgres -D']) {
    const pid = await processRunning(started.folder, command);
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(async () => expect(await processRunning(started.folder, command)).not.toBe(pid), {
      timeout: 20_000,
      interval: 100,
    });
    await vi.waitFor(() => healthy(started.url), { timeout: 20_000, interval: 100 });
  }
  await stop(started);
});

test('killing the launcher in the midst of the first start leaves no process behind, and the next start completes it', async () => {
  const { start } = await setup();
  const first = await start();
  first.sheaf.kill('SIGKILL');
  await first.sheaf.ended;
  await vi.waitFor(async () => expect(await processesOf(first.folder)).toEqual([]), { timeout: 30_000, interval: 100 });
  const second = await start();
  await introduced(second);
  expect(second.sheaf.stdout).toContain('under licences are left to be accepted');
  await stop(second);
});

test('Ctrl-C in the midst of the start leaves no process behind', async () => {
  const { env, folder } = await setup();
  const sheaf = runSheaf(['start'], env);
  await vi.waitFor(() => stat(path.join(folder, 'postgres')), { timeout: 20_000, interval: 10 });
  sheaf.kill('SIGINT');
  expect(await sheaf.ended).toBe(0);
  expect(await processesOf(folder)).toEqual([]);
});

test('a busy port is one clear line and exit code 1, soon and before a database is made', async () => {
  const { env, port, folder } = await setup();
  const other = createServer().listen(port, '127.0.0.1');
  await once(other, 'listening');
  cleanUps.push(() => void other.close());
  const since = performance.now();
  const sheaf = runSheaf(['start'], env);
  expect(await sheaf.ended).toBe(1);
  // Unloaded it takes less than 3 s.
  expect(performance.now() - since).toBeLessThan(10_000);
  expect(await readdir(folder)).not.toContain('postgres');
  expect(sheaf.stderr).toBe(`sheaf: Port ${port} on 127.0.0.1 is in use. Set PORT to another one.\n`);
  expect(await processesOf(folder)).toEqual([]);
});

test('a data folder that cannot be written is one clear line and exit code 1', async () => {
  const { env, folder } = await setup();
  await writeFile(folder, 'a file in its place');
  const sheaf = runSheaf(['start'], env);
  expect(await sheaf.ended).toBe(1);
  expect(sheaf.stderr).toBe(
    `sheaf: The data folder ${folder} cannot be written: it is a file. Set DATA_DIR to another folder.\n`,
  );
});

test('a read-only data folder is refused, also for root', async () => {
  const { env, folder } = await setup();
  await mkdir(folder, { mode: 0o500 });
  if (process.getuid?.() === 0) {
    await requireMounts();
    await run('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', folder]);
    cleanUps.push(() => run('umount', [folder]));
  }
  const sheaf = runSheaf(['start'], env);
  expect(await sheaf.ended).toBe(1);
  expect(sheaf.stderr).toMatch(
    /^sheaf: The data folder \S+ cannot be written: (it is read-only|permission denied)\. .*\n$/,
  );
});

test('a database that does not answer is one clear line and exit code 1', async () => {
  const { env, folder } = await setup();
  const sheaf = runSheaf(['start'], { ...env, DATABASE_URL: `postgres://nobody@127.0.0.1:${await freePort()}/none` });
  expect(await sheaf.ended).toBe(1);
  expect(sheaf.stderr).toMatch(/^sheaf: The database could not be brought to this version: .*ECONNREFUSED.*\n$/);
  expect(await processesOf(folder)).toEqual([]);
});
