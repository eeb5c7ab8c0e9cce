import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ApiDeps, App } from '@sheaf/api/api-deps';
import { buildApp } from '@sheaf/api/build-app';
import { createSealers } from '@sheaf/api/create-sealers';
import { createDatabase, type Database } from '@sheaf/db/database';
import { insertApiToken } from '@sheaf/db/users/api-tokens';
import { insertUser } from '@sheaf/db/users/insert-user';
import type { User } from '@sheaf/db/users/user';
import type { Role } from '@sheaf/domain/actor';
import type { Clock } from '@sheaf/runtime/clock';
import { loadConfig } from '@sheaf/runtime/load-config';
import { createLogger } from '@sheaf/runtime/logger';
import { hashSecretToken, newSecretToken } from '@sheaf/runtime/secret-token';
import type { Settings } from '@sheaf/runtime/settings';
import { createFileStorage, type Storage } from '@sheaf/storage/file-storage';
import { createTestDatabase } from './postgres.ts';

/** A user with a personal API token. */
export interface TestUser extends User {
  token: string;
  /** What makes a request this user's: `inject({ headers: user.headers, … })`. */
  headers: { authorization: string };
}

/** The time as the API under test sees it. */
export type SettableClock = Clock & { set(time: Date): void; advance(milliseconds: number): void };

export interface TestApi {
  app: App;
  deps: ApiDeps;
  db: Database;
  databaseUrl: string;
  storage: Storage;
  /** Root of `storage`, for tests that damage it. */
  storageFolder: string;
  clock: SettableClock;
  users: Record<'requester' | 'other' | 'contributor' | 'auditor' | 'administrator', TestUser>;
  addUser(
    role: Role,
    options?: { email?: string; passwordHash?: string; dynamicRenditions?: boolean },
  ): Promise<TestUser>;
  close(): Promise<void>;
}

export interface TestApiOptions {
  settings?: Partial<Settings>;
  dashboardFolder?: string | null;
  queue?: ApiDeps['queue'];
  /** Where the clock starts; the real time when absent. */
  now?: Date;
}

export const testSecretKey = 'a secret key for tests, long enough';

/** The whole API on a database and a storage folder of its own, not listening: talk to it with `app.inject`. */
export async function setupApi(options: TestApiOptions = {}): Promise<TestApi> {
  const database = await createTestDatabase();
  const storageFolder = await mkdtemp(path.join(tmpdir(), 'sheaf-test-storage-'));
  const db = createDatabase(database.url, { maxConnections: 8 });
  const storage = createFileStorage(storageFolder);
  const clock = settableClock(options.now ?? new Date());
  const deps: ApiDeps = {
    settings: { ...loadConfig({ SECRET_KEY: testSecretKey, RATE_LIMIT_PER_MINUTE: '100000' }), ...options.settings },
    db,
    storage,
    logger: createLogger({ level: 'silent', name: 'api' }),
    clock,
    sealers: createSealers(testSecretKey),
    queue: options.queue ?? null,
    dashboardFolder: options.dashboardFolder ?? null,
  };
  const app = await buildApp(deps);
  await app.ready();

  const addUser: TestApi['addUser'] = (role, { email, passwordHash, dynamicRenditions } = {}) =>
    db.transaction(async (tx) => {
      const address = email ?? `${role}-${newSecretToken().slice(0, 8)}@example.com`;
      const user = await insertUser(tx, {
        email: address,
        name: address.slice(0, address.indexOf('@')),
        role,
        dynamicRenditions,
        passwordHash: passwordHash ?? null,
      });
      const token = newSecretToken();
      await insertApiToken(tx, {
        userId: user.id,
        name: 'test',
        tokenHash: hashSecretToken(token),
        expiresAt: null,
        createdAt: clock(),
      });
      return { ...user, token, headers: { authorization: `Bearer ${token}` } };
    });

  return {
    app,
    deps,
    db,
    databaseUrl: database.url,
    storage,
    storageFolder,
    clock,
    users: {
      requester: await addUser('requester', { email: 'requester@example.com' }),
      other: await addUser('requester', { email: 'other@example.com' }),
      contributor: await addUser('contributor', { email: 'contributor@example.com' }),
      auditor: await addUser('auditor', { email: 'auditor@example.com' }),
      administrator: await addUser('administrator', { email: 'administrator@example.com' }),
    },
    addUser,
    async close() {
      await app.close();
      await db.close();
      await database.drop();
      await rm(storageFolder, { recursive: true, force: true });
    },
  };
}

function settableClock(start: Date): SettableClock {
  let time = start.getTime();
  return Object.assign(() => new Date(time), {
    set(next: Date) {
      time = next.getTime();
    },
    advance(milliseconds: number) {
      time += milliseconds;
    },
  });
}
