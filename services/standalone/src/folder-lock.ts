import { DatabaseSync } from 'node:sqlite';
import { AppError } from '@sheaf/domain/app-error';

const sqliteBusy = 5;

/**
 * Holds a lock on the file until `release` or until this process ends, however it ends. Node has no `flock`, but an
 * exclusive SQLite transaction is one that the kernel gives up by itself, so a lock is never stale, not even after
 * kill -9, a reboot, or in a container that sees other process ids.
 * Throws `resource.conflict` when another process holds it, and `storage.unavailable` when the file cannot be used.
 */
export function lockFile(path: string): { release(): void } {
  let database: DatabaseSync | undefined;
  try {
    // Whoever only looks whether the lock is taken holds it for a moment.
    database = new DatabaseSync(path, { timeout: 300 });
    database.exec('begin exclusive');
  } catch (cause) {
    database?.close();
    if ((cause as { errcode?: number }).errcode === sqliteBusy) {
      throw new AppError('resource.conflict', 'The folder is in use.', { cause });
    }
    throw new AppError('storage.unavailable', `The lock ${path} cannot be used: ${(cause as Error).message}.`, {
      cause,
    });
  }
  const held = database;
  return { release: () => held.isOpen && held.close() };
}
