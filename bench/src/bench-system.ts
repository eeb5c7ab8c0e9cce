import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createDatabase, type Database } from '@sheaf/db/database';
import { insertApiToken } from '@sheaf/db/users/api-tokens';
import { insertUser } from '@sheaf/db/users/insert-user';
import { listWorkers } from '@sheaf/db/workers/list-workers';
import { loadConfig } from '@sheaf/runtime/load-config';
import { hashSecretToken, newSecretToken } from '@sheaf/runtime/secret-token';
import { startSystem } from '@sheaf/standalone/start-system';
import { createFileStorage, type Storage } from '@sheaf/storage/file-storage';

/** The whole product as `npm start` runs it, with a requester who may ask as often as the machine allows. */
export interface BenchSystem {
  url: string;
  databaseUrl: string;
  db: Database;
  storage: Storage;
  headers: Record<string, string>;
  /** The requester whose headers these are. */
  userId: string;
  /** Peak resident memory of the worker process so far, in bytes. */
  workerPeakBytes(): Promise<number>;
  /** Runs `work` while the worker stands still, so that it neither helps nor competes. */
  withoutWorker<T>(work: () => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

export async function startBenchSystem(folder: string): Promise<BenchSystem> {
  const env = {
    ...process.env,
    DATA_DIR: path.join(folder, 'data'),
    PORT: '0',
    RATE_LIMIT_PER_MINUTE: '100000000',
    LOG_LEVEL: 'error',
  };
  const settings = loadConfig(env);
  const system = await startSystem({ settings, env, show: (line) => console.error(line) });
  const db = createDatabase(system.databaseUrl);
  const token = newSecretToken();
  const userId = await db.transaction(async (tx) => {
    const user = await insertUser(tx, {
      // Not that of an earlier run in the same database.
      email: `${hashSecretToken(token).toString('hex').slice(0, 12)}@bench.example`,
      name: 'Bench',
      role: 'requester',
      dynamicRenditions: true,
      passwordHash: null,
    });
    const tokenHash = hashSecretToken(token);
    await insertApiToken(tx, { userId: user.id, name: 'bench', tokenHash, expiresAt: null, createdAt: new Date() });
    return user.id;
  });
  const workerPid = async () => {
    const [worker] = await listWorkers(db.orm);
    if (!worker) throw new Error('No worker is running.');
    return worker.pid;
  };
  return {
    url: system.url,
    databaseUrl: system.databaseUrl,
    db,
    storage: createFileStorage(system.data.path),
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    userId,
    async workerPeakBytes() {
      const status = await readFile(`/proc/${await workerPid()}/status`, 'utf8');
      return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1_024;
    },
    async withoutWorker(work) {
      const pid = await workerPid();
      process.kill(pid, 'SIGSTOP');
      try {
        return await work();
      } finally {
        process.kill(pid, 'SIGCONT');
      }
    },
    async stop() {
      await db.close();
      await system.stop();
    },
  };
}
