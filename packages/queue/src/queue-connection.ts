import {
  type BackendFactory,
  createPostgresBackend,
  createRedisBackend,
  type IQueueBackend,
  type PostgresPoolConfig,
  type Processor,
  Queue,
  runMigrations,
  Worker,
  type WorkerOptions,
} from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import { goByClock } from './go-by-clock.ts';
import type { JobName } from './jobs.ts';
import './survive-lost-connections.ts';

/**
 * Where jobs wait. Redis must run with `maxmemory-policy noeviction`, else it forgets jobs. `clock`: the one that all
 * processes share; without it, each goes by its own machine's.
 */
export type QueueBackend = { kind: 'postgres'; url: string; clock?: () => Date } | { kind: 'redis'; url: string };

/** The schema of the queue's tables: ours are in others, and nobody but BullMQ touches these. */
const postgresSchema = 'queue';

/** What every key in Redis starts with, so that the server can be shared. */
const redisPrefix = 'sheaf';

const connectTimeoutMs = 3_000;

/** Longest that one statement may take: far beyond a busy database, so that only a connection gone silent fails. */
const queryTimeoutMs = 20_000;

/** Enough for a queue's short statements; idle connections are closed after ten seconds. */
const maxConnectionsPerQueue = 4;

/**
 * Creates the queue's tables or brings them to this version; does nothing on Redis, which has none.
 * Safe to call from several processes at once.
 */
export async function migrateQueue(backend: QueueBackend): Promise<void> {
  if (backend.kind === 'redis') return;
  const client = new pg.Client({ connectionString: backend.url, connectionTimeoutMillis: connectTimeoutMs });
  await client.connect();
  try {
    await runMigrations(client as Parameters<typeof runMigrations>[0], postgresSchema);
  } finally {
    await client.end();
  }
}

/**
 * A connection to Redis for producers, which many queues share. It reconnects by itself; meanwhile commands fail at
 * once instead of waiting, for whoever adds a job has somebody waiting too.
 */
export function connectProducerToRedis(url: string, commandTimeoutMs: number): Redis {
  return new Redis(url, {
    connectTimeout: connectTimeoutMs,
    commandTimeout: commandTimeoutMs,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: reconnectDelay,
  });
}

/** Opens a job's queue for adding: over `redis` when there is one, else over a pool of its own. */
export function openQueue(backend: QueueBackend, name: JobName, redis: Redis | undefined): Queue {
  if (redis) return new Queue(name, { connection: redis, prefix: redisPrefix });
  if (backend.kind === 'redis') throw new Error('A queue in Redis needs a connection to it.');
  const connection = postgresConnection(backend.url);
  return new Queue(name, { connection }, postgresBackend(backend)) as unknown as Queue;
}

/**
 * Opens a worker that has not started yet. `watch` sees the backend before the worker uses it.
 * Its connections to Redis wait for the server without end: `commandTimeout` would break the blocking reads.
 */
export function openWorker(
  backend: QueueBackend,
  name: JobName,
  processor: Processor,
  options: Omit<WorkerOptions, 'connection' | 'autorun'>,
  watch: (queueBackend: IQueueBackend) => void,
): Worker {
  if (backend.kind === 'redis') {
    const connection = {
      url: backend.url,
      connectTimeout: connectTimeoutMs,
      maxRetriesPerRequest: null,
      retryStrategy: reconnectDelay,
    };
    const settings = { ...options, connection, prefix: redisPrefix, autorun: false };
    return new Worker(name, processor, settings, watched(createRedisBackend, watch));
  }
  const settings = { ...options, connection: postgresConnection(backend.url), autorun: false };
  return new Worker(name, processor, settings, watched(postgresBackend(backend), watch)) as unknown as Worker;
}

function postgresBackend({ clock }: { clock?: () => Date }): typeof createPostgresBackend {
  return clock
    ? watched(createPostgresBackend, (queueBackend) => goByClock(queueBackend, clock))
    : createPostgresBackend;
}

function watched<B extends IQueueBackend, C>(
  factory: BackendFactory<B, C>,
  watch: (queueBackend: IQueueBackend) => void,
): BackendFactory<B, C> {
  return (...args) => {
    const queueBackend = factory(...args);
    watch(queueBackend);
    return queueBackend;
  };
}

function postgresConnection(url: string): PostgresPoolConfig {
  return {
    connectionString: url,
    schema: postgresSchema,
    max: maxConnectionsPerQueue,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: queryTimeoutMs,
    keepAlive: true,
  };
}

function reconnectDelay(attempt: number): number {
  return Math.min(100 * attempt, 2_000);
}
