import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '@sheaf/domain/app-error';
import { lockFile } from './folder-lock.ts';
import { secretFrom, writePrivateFile } from './secret-file.ts';

/** The files of a data folder that are not the storage's. */
export interface DataFolder {
  /** Absolute. */
  path: string;
  logs: string;
  postgres: string;
  credentials: string;
}

/** What a running `sheaf` tells the others about itself. */
export interface RunningInstance {
  pid: number;
  /** Absent while no HTTP server runs. */
  url?: string;
  databaseUrl: string;
}

/** The folder, for this process alone. */
export interface HeldDataFolder extends DataFolder {
  /** Generated on first use; signs sessions and seals secrets. */
  secretKey(): Promise<string>;
  postgresPassword(): Promise<string>;
  announce(instance: RunningInstance): Promise<void>;
  release(): Promise<void>;
}

export function dataFolderAt(folder: string): DataFolder {
  const root = path.resolve(folder);
  return {
    path: root,
    logs: path.join(root, 'logs'),
    postgres: path.join(root, 'postgres'),
    credentials: path.join(root, 'credentials.json'),
  };
}

/**
 * Creates the folder where it is missing and takes it for this process. Throws `storage.unavailable` when it cannot be
 * written and `resource.conflict` when another process has it.
 */
export async function holdDataFolder(folder: string): Promise<HeldDataFolder> {
  const data = dataFolderAt(folder);
  await makeWritable(data);
  const lock = takeLock(data.path);
  const announcement = runningFile(data.path);
  await rm(announcement, { force: true });
  return {
    ...data,
    secretKey: () => secretFrom(secretKeyFile(data.path)),
    postgresPassword: () => secretFrom(path.join(data.path, 'postgres-password')),
    announce: (instance) => writePrivateFile(announcement, JSON.stringify(instance)),
    async release() {
      await rm(announcement, { force: true });
      lock.release();
    },
  };
}

/** The process that has the folder now, if any, as far as it has announced itself. */
export async function runningInstance(folder: string): Promise<Partial<RunningInstance> | null> {
  const { path: root } = dataFolderAt(folder);
  await makeWritable(dataFolderAt(folder));
  try {
    lockFile(path.join(root, 'lock')).release();
    return null;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'resource.conflict') throw error;
    return announced(root);
  }
}

const secretKeyFile = (root: string) => path.join(root, 'secret-key');

/** The secret that was generated in this folder, whoever has the folder now; null where there is none. */
export async function keptSecretKey(folder: string): Promise<string | null> {
  const kept = await readFile(secretKeyFile(dataFolderAt(folder).path), 'utf8').catch(() => '');
  return kept.trim() || null;
}

const runningFile = (root: string) => path.join(root, 'running.json');

async function announced(root: string): Promise<Partial<RunningInstance>> {
  return JSON.parse(await readFile(runningFile(root), 'utf8').catch(() => '{}'));
}

function takeLock(root: string): { release(): void } {
  try {
    return lockFile(path.join(root, 'lock'));
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'resource.conflict') throw error;
    const message = `Sheaf is already running on the data folder ${root}. Stop it first, or set DATA_DIR to another folder.`;
    throw new AppError('resource.conflict', message, { cause: error });
  }
}

async function makeWritable(data: DataFolder): Promise<void> {
  // As root, the database runs as another user, who must be able to pass through.
  const mode = process.getuid?.() === 0 ? 0o711 : 0o700;
  const probe = path.join(data.path, `.writable-${process.pid}`);
  try {
    await makeFolder(data.path, mode);
    await makeFolder(data.logs, 0o700);
    await writeFile(probe, 'writable');
    await rm(probe);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const why = {
      EACCES: 'permission denied',
      EROFS: 'it is read-only',
      EEXIST: 'it is a file',
      ENOTDIR: 'it is below a file',
      ENOSPC: 'the disk is full',
    };
    const reason = why[code as keyof typeof why] ?? message;
    throw new AppError(
      'storage.unavailable',
      `The data folder ${data.path} cannot be written: ${reason}. Set DATA_DIR to another folder.`,
      { cause },
    );
  }
}

/** Not `mkdir` with `recursive`: under a parent where nothing can be made, such as /proc, Node never returns from it. */
async function makeFolder(folder: string, mode: number): Promise<void> {
  try {
    await mkdir(folder, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return;
    const parent = path.dirname(folder);
    if (code !== 'ENOENT' || existsSync(parent)) throw error;
    await makeFolder(parent, mode);
    await mkdir(folder, { mode });
  }
}
