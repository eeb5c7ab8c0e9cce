import { createDatabase, type Database } from '@sheaf/db/database';
import { AppError } from '@sheaf/domain/app-error';
import type { Settings } from '@sheaf/runtime/settings';
import { createFileStorage, type Storage } from '@sheaf/storage/file-storage';
import { dataFolderAt, holdDataFolder, type RunningInstance, runningInstance } from './data-folder.ts';
import { startDatabase } from './database-service.ts';

/** Database and storage for a command that works on them without the services. */
export interface Installation {
  db: Database;
  databaseUrl: string;
  storage: Storage;
  /** What runs in this data folder at the moment; null when nothing does. */
  running: Partial<RunningInstance> | null;
  close(): Promise<void>;
}

/**
 * Opens the installation that the settings point to: beside a running `sheaf start` with its database, else with the
 * one of DATABASE_URL, else with the embedded one, which is started for as long as the command takes. Unless something
 * runs already, the database is brought to this version first.
 */
export async function openInstallation(
  settings: Settings,
  show: (line: string) => void,
  options: { migrate: boolean } = { migrate: true },
): Promise<Installation> {
  const running = await runningInstance(settings.DATA_DIR);
  const opened = running ? joinRunning(running, settings) : await startAlone(settings, show, options);
  const db = createDatabase(opened.databaseUrl, { applicationName: 'sheaf-command', maxConnections: 6 });
  return {
    db,
    databaseUrl: opened.databaseUrl,
    storage: createFileStorage(dataFolderAt(settings.DATA_DIR).path),
    running,
    async close() {
      await db.close();
      await opened.close();
    },
  };
}

interface OpenedDatabase {
  databaseUrl: string;
  close(): Promise<void>;
}

function joinRunning(running: Partial<RunningInstance>, settings: Settings): OpenedDatabase {
  const databaseUrl = settings.DATABASE_URL ?? running.databaseUrl;
  if (!databaseUrl) {
    throw new AppError(
      'resource.conflict',
      'Another sheaf command is starting or working on this data folder. Try again in a moment.',
    );
  }
  return { databaseUrl, close: async () => {} };
}

async function startAlone(
  settings: Settings,
  show: (line: string) => void,
  options: { migrate: boolean },
): Promise<OpenedDatabase> {
  // With a database elsewhere, several machines may work on one data folder at a time.
  if (settings.DATABASE_URL) {
    const database = await startDatabase(settings, null, show, options);
    return { databaseUrl: database.url, close: () => database.stop() };
  }
  const data = await holdDataFolder(settings.DATA_DIR);
  try {
    const database = await startDatabase(settings, data, show, options);
    return {
      databaseUrl: database.url,
      async close() {
        await database.stop();
        await data.release();
      },
    };
  } catch (error) {
    await data.release();
    throw error;
  }
}
