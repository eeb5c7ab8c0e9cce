import path from 'node:path';
import { migrateDatabase } from '@sheaf/db/migrate';
import { AppError } from '@sheaf/domain/app-error';
import { migrateQueue, type QueueBackend } from '@sheaf/queue/queue-connection';
import type { Settings } from '@sheaf/runtime/settings';
import type { HeldDataFolder } from './data-folder.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';
import { createRestartDelay } from './restart-delay.ts';

/** The database that the services use, wherever it runs. */
export interface DatabaseService {
  url: string;
  /** Stops the embedded database; does nothing to another. */
  stop(): Promise<void>;
}

/**
 * Makes the database ready for use: starts the embedded one where no DATABASE_URL is set, and again should it end by
 * itself, and brings the tables to this version. `data` may be null where DATABASE_URL is set.
 */
export async function startDatabase(
  settings: Settings,
  data: HeldDataFolder | null,
  show: (line: string) => void,
  options: { migrate: boolean } = { migrate: true },
): Promise<DatabaseService> {
  const database = await openDatabase(settings, data, show);
  try {
    if (options.migrate) await migrate(settings, database.url);
    return database;
  } catch (error) {
    await database.stop();
    throw error;
  }
}

async function openDatabase(
  settings: Settings,
  data: HeldDataFolder | null,
  show: (line: string) => void,
): Promise<DatabaseService> {
  if (settings.DATABASE_URL) return { url: settings.DATABASE_URL, stop: async () => {} };
  if (!data) throw new AppError('internal', 'The embedded database needs the data folder.');
  return keepEmbeddedDatabase(data, show);
}

export function queueBackend(settings: Settings, databaseUrl: string): QueueBackend {
  return settings.REDIS_URL ? { kind: 'redis', url: settings.REDIS_URL } : { kind: 'postgres', url: databaseUrl };
}

async function migrate(settings: Settings, databaseUrl: string): Promise<void> {
  try {
    await migrateDatabase(databaseUrl);
    await migrateQueue(queueBackend(settings, databaseUrl));
  } catch (cause) {
    const message = `The database could not be brought to this version: ${rootCause(cause)}`;
    throw new AppError('service.unavailable', message, { cause });
  }
}

/** What the server or the system said, below the layers that wrapped it. */
function rootCause(error: unknown): string {
  let deepest = error as Error;
  while (deepest.cause instanceof Error) deepest = deepest.cause;
  return (deepest.message || String((deepest as NodeJS.ErrnoException).code ?? deepest.name)).split('\n')[0]!;
}

async function keepEmbeddedDatabase(data: HeldDataFolder, show: (line: string) => void): Promise<DatabaseService> {
  const options = {
    folder: data.postgres,
    password: await data.postgresPassword(),
    logFile: path.join(data.logs, 'postgres.log'),
  };
  const delay = createRestartDelay();
  let server: EmbeddedPostgres = await startEmbeddedPostgres(options);
  let stopping = false;
  let restart: NodeJS.Timeout | undefined;
  let restarting: Promise<void> | undefined;

  function watch(): void {
    const since = performance.now();
    server.ended.then(() => startAgainAfter(performance.now() - since));
  }

  function startAgainAfter(ranForMs: number): void {
    if (stopping) return;
    const pauseMs = delay.next(ranForMs);
    show(`database ended; starting it again in ${pauseMs / 1_000} s`);
    restart = setTimeout(() => {
      restarting = startAgain();
    }, pauseMs);
  }

  async function startAgain(): Promise<void> {
    try {
      server = await startEmbeddedPostgres({ ...options, port: server.port });
      watch();
    } catch (error) {
      show(`database: ${(error as Error).message}`);
      startAgainAfter(0);
    }
  }

  watch();
  return {
    url: server.url,
    async stop() {
      stopping = true;
      clearTimeout(restart);
      await restarting;
      await server.stop();
    },
  };
}
