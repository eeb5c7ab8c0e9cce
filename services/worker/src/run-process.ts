import { resolve } from 'node:path';
import { createDatabase } from '@sheaf/db/database';
import { migrateDatabase } from '@sheaf/db/migrate';
import { readDatabaseTime } from '@sheaf/db/read-database-time';
import { migrateQueue, type QueueBackend } from '@sheaf/queue/queue-connection';
import { followTime } from '@sheaf/runtime/follow-time';
import { createLifecycle } from '@sheaf/runtime/lifecycle';
import { loadConfig } from '@sheaf/runtime/load-config';
import { createLogger } from '@sheaf/runtime/logger';
import { createSealer } from '@sheaf/runtime/seal';
import { createFileStorage } from '@sheaf/storage/file-storage';
import { limitStalls } from '@sheaf/storage/limit-stalls';
import { startWorker, type WorkerOptions } from './start-worker.ts';

/**
 * Starts a worker from an environment's settings; SIGTERM and SIGINT drain it. Rejects where it cannot start. Tests give
 * it another `policy` or `storage` than a worker has.
 */
export async function runProcess(
  env: Record<string, string | undefined>,
  instead: Partial<Pick<WorkerOptions, 'policy' | 'storage'>> = {},
): Promise<void> {
  const settings = loadConfig(env, ['DATABASE_URL', 'SECRET_KEY']);
  const { DATABASE_URL: databaseUrl, SECRET_KEY: secretKey } = settings;
  if (databaseUrl === undefined || secretKey === undefined)
    throw new Error('DATABASE_URL and SECRET_KEY are required.');
  // Only the api knows the port that it got; a link in an email must not lead to port 0.
  if (settings.PUBLIC_URL === undefined && settings.PORT === 0)
    throw new Error('PUBLIC_URL is required where PORT is 0: emails and webhooks link to it.');
  const queueBackend: QueueBackend = settings.REDIS_URL
    ? { kind: 'redis', url: settings.REDIS_URL }
    : { kind: 'postgres', url: databaseUrl };
  const logger = createLogger({ level: settings.LOG_LEVEL, name: 'worker' });

  const lifecycle = createLifecycle((name, err) => logger.error({ err, name }, 'closing failed'));
  const stop = async (signal: NodeJS.Signals) => {
    logger.info({ signal }, 'worker stopping');
    await lifecycle.close();
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // The launcher is gone, without having been able to say so.
  process.on('disconnect', () => stop('SIGTERM'));

  const db = createDatabase(databaseUrl, { applicationName: 'sheaf-worker' });
  lifecycle.onClose('database', () => db.close());
  await db.ping();
  await migrateDatabase(databaseUrl);
  await migrateQueue(queueBackend);
  const time = await followTime(() => readDatabaseTime(db.orm));
  lifecycle.onClose('clock', time.stop);
  const { storage = createFileStorage(resolve(settings.DATA_DIR)), policy } = instead;
  const worker = await startWorker({
    settings,
    db,
    storage: limitStalls(storage, settings.STORAGE_STALL_SECONDS * 1_000),
    logger,
    clock: time.now,
    sealers: {
      link: createSealer(secretKey, 'link'),
      webhook: createSealer(secretKey, 'webhook'),
      mail: createSealer(secretKey, 'mail'),
      signing: createSealer(secretKey, 'signing'),
    },
    queueBackend: queueBackend.kind === 'postgres' ? { ...queueBackend, clock: time.now } : queueBackend,
    ...(policy && { policy }),
  });
  lifecycle.onClose('worker', () => worker.close());
  logger.info({ worker: worker.id, queue: queueBackend.kind }, 'worker started');
  process.send?.({ type: 'ready' });
}
