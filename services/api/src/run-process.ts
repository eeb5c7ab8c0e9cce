import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDatabase } from '@sheaf/db/database';
import { migrateDatabase } from '@sheaf/db/migrate';
import { readDatabaseTime } from '@sheaf/db/read-database-time';
import { createJobProducer } from '@sheaf/queue/job-producer';
import { migrateQueue, type QueueBackend } from '@sheaf/queue/queue-connection';
import { followTime } from '@sheaf/runtime/follow-time';
import { createLifecycle } from '@sheaf/runtime/lifecycle';
import { loadConfig } from '@sheaf/runtime/load-config';
import { createLogger } from '@sheaf/runtime/logger';
import type { Settings } from '@sheaf/runtime/settings';
import { createFileStorage } from '@sheaf/storage/file-storage';
import { limitStalls } from '@sheaf/storage/limit-stalls';
import type { App } from './api-deps.ts';
import { buildApp } from './build-app.ts';
import { createSealers } from './create-sealers.ts';

const dashboardFolder = fileURLToPath(new URL('../../../dashboard/build', import.meta.url));

/** Starts the HTTP server from an environment's settings; SIGTERM and SIGINT drain it. Rejects where it cannot start. */
export async function runProcess(env: Record<string, string | undefined>): Promise<void> {
  const settings = loadConfig(env, ['DATABASE_URL', 'SECRET_KEY']);
  const { DATABASE_URL: databaseUrl, SECRET_KEY: secretKey } = settings;
  if (databaseUrl === undefined || secretKey === undefined)
    throw new Error('DATABASE_URL and SECRET_KEY are required.');
  const queueBackend: QueueBackend = settings.REDIS_URL
    ? { kind: 'redis', url: settings.REDIS_URL }
    : { kind: 'postgres', url: databaseUrl };
  const logger = createLogger({ level: settings.LOG_LEVEL, name: 'api' });
  const lifecycle = createLifecycle((name, err) => logger.error({ err, name }, 'closing failed'));

  const db = createDatabase(databaseUrl, { applicationName: 'sheaf-api' });
  lifecycle.onClose('database', () => db.close());
  await db.ping();
  await migrateDatabase(databaseUrl);
  await migrateQueue(queueBackend);
  const queue = createJobProducer(queueBackend, {
    onError: (err, suppressed) => logger.warn({ err, suppressed }, 'queue error'),
  });
  lifecycle.onClose('queue', () => queue.close());
  const time = await followTime(() => readDatabaseTime(db.orm));
  lifecycle.onClose('clock', time.stop);
  const app = await buildApp({
    settings,
    db,
    storage: limitStalls(createFileStorage(resolve(settings.DATA_DIR)), settings.STORAGE_STALL_SECONDS * 1_000),
    logger,
    clock: time.now,
    sealers: createSealers(secretKey),
    queue,
    dashboardFolder: existsSync(dashboardFolder) ? dashboardFolder : null,
  });
  lifecycle.onClose('server', () => drain(app, settings.DRAIN_SECONDS));

  const url = await listen(app, settings);
  logger.info({ url, queue: queueBackend.kind }, 'api started');
  process.send?.({ type: 'ready', url });

  const stop = async (signal: NodeJS.Signals) => {
    logger.info({ signal }, 'api stopping');
    await lifecycle.close();
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // The launcher is gone, without having been able to say so.
  process.on('disconnect', () => stop('SIGTERM'));
}

async function listen(app: App, { HOST, PORT }: Settings): Promise<string> {
  try {
    return await app.listen({ host: HOST, port: PORT });
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === 'EADDRINUSE') throw new Error(`Port ${PORT} on ${HOST} is in use. Set PORT to another one.`);
    if (code === 'EACCES') throw new Error(`Port ${PORT} on ${HOST} may not be used. Set PORT to another one.`);
    throw new Error(`${HOST}:${PORT} cannot be listened on: ${message}`);
  }
}

/** Takes no new requests; those that still run after the time are cut. */
async function drain(app: App, seconds: number): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), seconds * 1_000);
  try {
    await app.close();
  } finally {
    clearTimeout(timer);
  }
}
