import { migrateQueue, type QueueBackend } from '@sheaf/queue/queue-connection';
import { createTestDatabase } from './postgres.ts';
import { startPostgresServer } from './postgres-server.ts';
import { startRedis } from './redis-server.ts';

export const queueKinds: readonly QueueBackend['kind'][] = ['postgres', 'redis'];

export interface TestQueueBackend {
  backend: QueueBackend;
  remove(): Promise<void>;
}

/** An empty queue of the test's own: a database of the shared PostgreSQL, or a Redis. */
export async function openQueueBackend(kind: QueueBackend['kind']): Promise<TestQueueBackend> {
  if (kind === 'redis') {
    const server = await startRedis();
    return { backend: { kind, url: server.url }, remove: server.stop };
  }
  const database = await createTestDatabase();
  return { backend: { kind, url: database.url }, remove: database.drop };
}

export interface TestQueueServer extends TestQueueBackend {
  /** Ends the server; Redis forgets all. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** The same on a server of the test's own, which it may stop and start. */
export async function startQueueServer(kind: QueueBackend['kind']): Promise<TestQueueServer> {
  if (kind === 'redis') {
    const { url, kill, start, stop } = await startRedis();
    return { backend: { kind, url }, stop: kill, start, remove: stop };
  }
  const { url, stop, start, remove } = await startPostgresServer();
  const backend: QueueBackend = { kind, url };
  await migrateQueue(backend);
  return { backend, stop, start, remove };
}
