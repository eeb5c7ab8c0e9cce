import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDatabase, type Database } from '@sheaf/db/database';
import { loadConfig } from '@sheaf/runtime/load-config';
import { type ApiClient, signIn } from '@sheaf/standalone/api-client';
import { createUser } from '@sheaf/standalone/create-user';
import { startSystem } from '@sheaf/standalone/start-system';
import { createFileStorage, type Storage } from '@sheaf/storage/file-storage';
import { compileCache } from './compile-cache.ts';

/** The product as `npm start` runs it: real processes, with three users and an empty catalogue. */
export interface TestSystem {
  url: string;
  db: Database;
  storage: Storage;
  /** What the processes printed for people. */
  lines: string[];
  requester: { email: string; password: string; api: ApiClient };
  administrator: { email: string; password: string; api: ApiClient };
  auditor: { email: string; password: string; api: ApiClient };
  stop(): Promise<void>;
}

/** `env` sets what differs from the defaults. */
export async function setupSystem(env: Record<string, string> = {}): Promise<TestSystem> {
  // Straight under the temporary folder: the embedded database may run as another user, who must get there.
  const folder = await mkdtemp(path.join(tmpdir(), 'sheaf-test-system-'));
  const ours = { PORT: '0', DATA_DIR: path.join(folder, 'data'), LOG_LEVEL: 'warn', ...compileCache };
  const fullEnv = { ...process.env, ...ours, ...env };
  const lines: string[] = [];
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const system = await startSystem({ settings: loadConfig(fullEnv), env: fullEnv, show: (line) => lines.push(line) });
    const db = createDatabase(system.databaseUrl, { maxConnections: 4 });
    const add = async (role: 'requester' | 'auditor' | 'administrator') => {
      const user = { email: `${role}@example.com`, password: `a password of the ${role}` };
      await createUser(db, { ...user, name: role, role });
      return { ...user, api: await signIn(system.url, user.email, user.password) };
    };
    return {
      url: system.url,
      db,
      storage: createFileStorage(system.data.path),
      lines,
      requester: await add('requester'),
      administrator: await add('administrator'),
      auditor: await add('auditor'),
      async stop() {
        await db.close();
        await system.stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
