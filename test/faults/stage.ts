import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDatabase, type Database } from '@sheaf/db/database';
import * as databaseAdmin from '@sheaf/db/database-admin';
import { migrateDatabase } from '@sheaf/db/migrate';
import { insertApiToken } from '@sheaf/db/users/api-tokens';
import { insertUser } from '@sheaf/db/users/insert-user';
import { migrateQueue, type QueueBackend } from '@sheaf/queue/queue-connection';
import { hashSecretToken, newSecretToken } from '@sheaf/runtime/secret-token';
import { createFileStorage, type Storage } from '@sheaf/storage/file-storage';
import { compileCache } from '../harness/compile-cache.ts';
import { freePort } from '../harness/free-port.ts';
import { databaseUrl } from '../harness/postgres.ts';
import { type PostgresServer, startPostgresServer } from '../harness/postgres-server.ts';
import { type RedisServer, startRedis } from '../harness/redis-server.ts';
import { createTestCatalogue } from '../harness/test-catalogue.ts';
import type { Random } from './random.ts';
import { createRequester, type Requester } from './requester.ts';
import { type ServiceOptions, type ServiceProcess, startService } from './service-process.ts';

const programs = {
  api: { module: fileURLToPath(new URL('../../services/api/src/main.ts', import.meta.url)), nodeFlags: [] },
  worker: {
    module: fileURLToPath(new URL('../../services/worker/src/main.ts', import.meta.url)),
    nodeFlags: readFileSync(new URL('../../services/worker/node-flags', import.meta.url), 'utf8')
      .trim()
      .split('\n'),
  },
};

/** Characters of what the processes printed that are told with the end of one of them. */
const printedLast = 3_000;

/** An installation with a catalogue and real processes: a PostgreSQL, a Redis where the queue is in it, and an api. */
export interface Stage {
  queue: QueueBackend['kind'];
  /** Seconds for which a worker may be silent. */
  leaseSeconds: number;
  db: Database;
  postgres: PostgresServer;
  /** Null where the queue is in PostgreSQL. */
  redis: RedisServer | null;
  storage: Storage;
  /** Root of `storage`. */
  dataDir: string;
  /** Ids of assets: a few hundred kilobytes each, and some of several megabytes. */
  assets: { small: string[]; large: string[] };
  requesters: Requester[];
  /** The process that answers; changes with `restartApi`. */
  readonly api: ServiceProcess;
  /** Starts it again, on the same port, whatever became of it. */
  restartApi(env?: Record<string, string>): Promise<void>;
  /** With another `module` than the worker's own: one that can be told more. */
  startWorker(
    env?: Record<string, string>,
    how?: Partial<Pick<ServiceOptions, 'module' | 'before'>>,
  ): Promise<ServiceProcess>;
  /** Ends at once whatever worker still runs: a fault that broke off has left some. */
  endWorkers(): Promise<void>;
  /** Ends of processes that nobody here had asked for. */
  crashes: string[];
  /** What the processes printed. */
  log(): Promise<string>;
  close(): Promise<void>;
}

export interface StageOptions {
  queue: QueueBackend['kind'];
  random: Random;
  leaseSeconds: number;
}

export async function openStage({ queue, random, leaseSeconds }: StageOptions): Promise<Stage> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sheaf-faults-'));
  const closers: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const closer of closers.reverse()) await closer();
  };
  try {
    const postgres = await startPostgresServer({ keepsCommits: true });
    closers.push(() => postgres.remove());
    const redis = queue === 'redis' ? await startRedis() : null;
    if (redis) closers.push(() => redis.stop());
    await databaseAdmin.createDatabase(postgres.url, 'sheaf');
    const url = databaseUrl(postgres.url, 'sheaf');
    const backend: QueueBackend = redis ? { kind: 'redis', url: redis.url } : { kind: 'postgres', url };
    await migrateDatabase(url);
    await migrateQueue(backend);

    const db = createDatabase(url, { maxConnections: 4, applicationName: 'faults' });
    closers.push(() => db.close());
    const dataDir = path.join(folder, 'data');
    const storage = createFileStorage(dataDir);
    const port = await freePort();
    const baseUrl = `http://127.0.0.1:${port}`;
    const env = {
      PATH: process.env.PATH ?? '',
      HOST: '127.0.0.1',
      PORT: String(port),
      PUBLIC_URL: baseUrl,
      DATABASE_URL: url,
      DATA_DIR: dataDir,
      SECRET_KEY: 'a secret key for faults, long enough',
      LEASE_SECONDS: String(leaseSeconds),
      RATE_LIMIT_PER_MINUTE: '10000000',
      WEBHOOK_ALLOWED_ADDRESSES: '127.0.0.1',
      LOG_LEVEL: 'warn',
      ...compileCache,
      ...(redis && { REDIS_URL: redis.url }),
    };

    const crashes: string[] = [];
    const logFile = path.join(folder, 'log');
    const running = new Set<ServiceProcess>();
    closers.push(() => Promise.all([...running].map((service) => service.kill())));
    async function start(name: keyof typeof programs, changes: Record<string, string>, how: Partial<ServiceOptions>) {
      const service = await startService({
        ...programs[name],
        ...how,
        env: { ...env, ...changes },
        logFile,
        onCrash: (how) =>
          crashes.push(`${name}: ${how}; printed last by all: ${readFileSync(logFile, 'utf8').slice(-printedLast)}`),
      });
      running.add(service);
      return service;
    }
    let api = await start('api', {}, {});

    return {
      queue,
      leaseSeconds,
      db,
      postgres,
      redis,
      storage,
      dataDir,
      assets: await fillCatalogue(db, storage, random),
      requesters: await Promise.all(['anna', 'bo', 'chris'].map((name) => addRequester(db, baseUrl, name))),
      get api() {
        return api;
      },
      async restartApi(changes = {}) {
        await api.kill();
        api = await start('api', changes, {});
      },
      startWorker: (changes = {}, how = {}) => start('worker', changes, how),
      async endWorkers() {
        await Promise.all([...running].filter((service) => service !== api).map((service) => service.kill()));
      },
      crashes,
      log: () => readFile(logFile, 'utf8'),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function fillCatalogue(db: Database, storage: Storage, random: Random): Promise<Stage['assets']> {
  const catalogue = createTestCatalogue(db, storage);
  const add = async (bytes: number, name: string) =>
    (await catalogue.addAsset({ bytes: random.bytes(bytes), fileName: name })).assetId;
  const small: string[] = [];
  const large: string[] = [];
  for (let i = 0; i < 12; i += 1) small.push(await add(random.integer(20_000, 400_000), `small-${i}.bin`));
  for (let i = 0; i < 4; i += 1) large.push(await add(random.integer(6_000_000, 10_000_000), `large-${i}.bin`));
  return { small, large };
}

async function addRequester(db: Database, baseUrl: string, name: string): Promise<Requester> {
  const token = newSecretToken();
  const user = await db.transaction(async (tx) => {
    const added = await insertUser(tx, { email: `${name}@example.com`, name, role: 'requester', passwordHash: null });
    const tokenHash = hashSecretToken(token);
    await insertApiToken(tx, { userId: added.id, name: 'faults', tokenHash, expiresAt: null, createdAt: new Date() });
    return added;
  });
  return createRequester(baseUrl, { id: user.id, token });
}
