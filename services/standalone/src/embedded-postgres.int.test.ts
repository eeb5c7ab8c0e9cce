import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDatabase } from '@sheaf/db/database';
import { findInstallationFact, recordInstallationFact } from '@sheaf/db/installation/installation-fact';
import { migrateDatabase } from '@sheaf/db/migrate';
import { readServerFacts } from '@sheaf/db/server-facts';
import { afterEach, expect, test, vi } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';
import { readPostmaster } from './postmaster-file.ts';

const cleanUps: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** The parent is private (0700), as home folders and `mktemp -d` are: the server's user may not enter it by itself. */
async function setup() {
  const parent = await mkdtemp(path.join(tmpdir(), 'sheaf-embedded-'));
  cleanUps.push(() => rm(parent, { recursive: true, force: true }));
  const options = {
    folder: path.join(parent, 'postgres'),
    password: `it's "${'x'.repeat(10)}"`,
    logFile: path.join(parent, 'postgres.log'),
  };
  return {
    options,
    cluster: path.join(options.folder, 'cluster'),
    async start(): Promise<EmbeddedPostgres> {
      const server = await startEmbeddedPostgres(options);
      cleanUps.push(() => server.stop());
      return server;
    },
  };
}

async function withDatabase<T>(url: string, work: (db: ReturnType<typeof createDatabase>) => Promise<T>): Promise<T> {
  const db = createDatabase(url, { maxConnections: 1 });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('the server is PostgreSQL 18, on the loopback interface alone, and its data survive a stop', async () => {
  const { start, cluster } = await setup();
  const server = await start();
  expect(new URL(server.url).hostname).toBe('127.0.0.1');
  await migrateDatabase(server.url);
  await withDatabase(server.url, async ({ orm }) => {
    expect((await readServerFacts(orm)).versionNumber).toBeGreaterThanOrEqual(180_000);
    await recordInstallationFact(orm, 'kept', { yes: true });
  });
  const postmaster = await readPostmaster(cluster);
  await server.stop();
  expect(isAlive(postmaster!.pid)).toBe(false);

  const again = await start();
  expect(await withDatabase(again.url, ({ orm }) => findInstallationFact(orm, 'kept'))).toEqual({ yes: true });
});

test('only the owner may read the cluster, and the initial password is gone', async () => {
  const { start, options } = await setup();
  await start();
  expect((await stat(options.folder)).mode & 0o777).toBe(0o700);
  await expect(stat(path.join(options.folder, 'initial-password'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a wrong password is refused', async () => {
  const { start } = await setup();
  const url = new URL((await start()).url);
  url.password = 'wrong';
  await expect(withDatabase(url.href, (db) => db.ping())).rejects.toMatchObject({ code: 'service.unavailable' });
});

test('after kill -9 of the server it recovers with the data', async () => {
  const { start, cluster } = await setup();
  const server = await start();
  await migrateDatabase(server.url);
  await withDatabase(server.url, ({ orm }) => recordInstallationFact(orm, 'kept', 1));
  process.kill((await readPostmaster(cluster))!.pid, 'SIGKILL');
  await server.ended;
  const again = await start();
  expect(await withDatabase(again.url, ({ orm }) => findInstallationFact(orm, 'kept'))).toBe(1);
});

test('a stale postmaster.pid that names another living process does not keep it from starting', async () => {
  const { start, cluster } = await setup();
  await (await start()).stop();
  await writeFile(path.join(cluster, 'postmaster.pid'), `${process.pid}\n${cluster}\n1\n1\n\n\n\nready   \n`);
  await expect(start()).resolves.toBeDefined();
});

test('the server ends by itself when its launcher is killed', async () => {
  const { options, cluster, start } = await setup();
  const module = JSON.stringify(new URL('embedded-postgres.ts', import.meta.url).href);
  const script = `const { startEmbeddedPostgres } = await import(${module});
    await startEmbeddedPostgres(${JSON.stringify(options)});
    console.log('started');
    setInterval(() => {}, 1_000);`;
  const launcher = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  cleanUps.push(() => void launcher.kill('SIGKILL'));
  await once(launcher.stdout, 'data');
  const { pid } = (await readPostmaster(cluster))!;
  launcher.kill('SIGKILL');
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 20_000, interval: 50 });
  await expect(start()).resolves.toBeDefined();
});

test('an interrupted initialisation is begun anew', async () => {
  const { options, start } = await setup();
  await (await start()).stop();
  await rm(path.join(options.folder, 'cluster', 'PG_VERSION'));
  const broken = path.join(options.folder, 'cluster');
  await rename(broken, `${broken}.new`);
  await expect(start()).resolves.toBeDefined();
});

test('a cluster that cannot be read is refused with the reason of the server and the place of its log', async () => {
  const { start, cluster, options } = await setup();
  await (await start()).stop();
  await writeFile(path.join(cluster, 'PG_VERSION'), '9.6\n');
  const failure = await start().catch((error: Error) => error);
  expect(failure).toMatchObject({ code: 'service.unavailable' });
  expect((failure as Error).message).toContain('database files are incompatible with server');
  expect((failure as Error).message).toContain(options.logFile);
});
