import { opendir, readdir, rm, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { finished } from 'node:stream/promises';
import { AppError } from '@sheaf/domain/app-error';
import type { DurableFolders } from './durable-folders.ts';
import { openFileRange } from './file-range-stream.ts';
import type { CreateOptions, ObjectStore, ObjectWriter } from './object-store.ts';
import { ObjectWriteStream } from './object-write-stream.ts';
import { storageError, systemCode } from './storage-error.ts';
import { createTemporaryFile } from './temporary-file.ts';

export interface FileObjectStoreOptions {
  /** Absolute; an object's file is its key below it. */
  folder: string;
  /** Absolute, on the same file system. */
  temporaryFolder: string;
  folders: DurableFolders;
}

/** Windows and old tools give other characters a meaning of their own; `..` must not leave the folder. */
function assertKey(key: string): void {
  const segments = key.split('/');
  const valid = key.length <= 512 && segments.every((segment) => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(segment));
  if (!valid) throw new AppError('input.invalid', 'That is no key of a stored object.');
}

function assertIdentity(identity: string): void {
  const valid = /^[A-Za-z0-9_-]{1,64}$/.test(identity);
  if (!valid) throw new AppError('input.invalid', 'That is no identity of an object that is to be written.');
}

/** Objects as files: written under a temporary name, synced, then renamed to their key. */
export function createFileObjectStore({ folder, temporaryFolder, folders }: FileObjectStoreOptions): ObjectStore {
  function pathOf(key: string): string {
    assertKey(key);
    return join(folder, ...key.split('/'));
  }

  /** A disk that is not there must not look as if every single object were gone. */
  async function checkFolder(): Promise<void> {
    await stat(folder).catch(rethrowAsStorageError);
  }

  async function create(key: string, { identity }: CreateOptions = {}): Promise<ObjectWriter> {
    const target = pathOf(key);
    if (identity !== undefined) assertIdentity(identity);
    const file = await createTemporaryFile(temporaryFolder, folders, identity).catch(rethrowAsStorageError);
    const stream = new ObjectWriteStream(file);
    // Whoever writes learns of a failure from the stream; a commit learns of it below, however late it comes.
    stream.on('error', () => {});

    async function closeStream(): Promise<void> {
      if (stream.closed) return;
      const closed = new Promise((resolve) => stream.once('close', resolve));
      stream.destroy();
      await closed;
    }

    return {
      stream,
      temporaryPath: file.path,
      async commit() {
        const ended = finished(stream);
        stream.end();
        await ended.catch(rethrowAsStorageError);
        await file.publish(target).catch(rethrowAsStorageError);
      },
      async abort() {
        await closeStream();
        await file.discard().catch(rethrowAsStorageError);
      },
      async leave() {
        await closeStream();
        await file.leave().catch(rethrowAsStorageError);
      },
    };
  }

  /** An empty folder per removed bundle would pile up. One that has other objects refuses to go. */
  async function removeEmptyFolders(from: string): Promise<void> {
    for (let empty = from; empty !== folder; empty = dirname(empty)) {
      try {
        await rmdir(empty);
      } catch {
        return;
      }
    }
  }

  return {
    create,

    async stat(key) {
      try {
        const stats = await stat(pathOf(key));
        return stats.isFile() ? { size: stats.size, modifiedAt: stats.mtime } : null;
      } catch (error) {
        if (!isAbsent(error)) throw storageError(error);
        await checkFolder();
        return null;
      }
    },

    async read(key, range) {
      try {
        return await openFileRange(pathOf(key), range);
      } catch (error) {
        if (isAbsent(error)) {
          await checkFolder();
          throw new AppError('resource.not_found', 'There is no such stored object.', {
            detail: { key },
            cause: error,
          });
        }
        throw storageError(error);
      }
    },

    async *list() {
      const entries = await opendir(folder, { recursive: true }).catch(nullWhereAbsent);
      if (entries === null) return;
      for await (const entry of entries) {
        if (!entry.isFile()) continue;
        const path = join(entry.parentPath, entry.name);
        const stats = await stat(path).catch(nullWhereAbsent);
        if (stats !== null) yield { key: relative(folder, path).split(sep).join('/'), modifiedAt: stats.mtime };
      }
    },

    path: pathOf,

    async remove(key) {
      const path = pathOf(key);
      try {
        await unlink(path);
      } catch (error) {
        if (!isAbsent(error)) throw storageError(error);
      }
      await removeEmptyFolders(dirname(path));
    },

    async removeFolder(key) {
      const path = pathOf(key);
      await rm(path, { recursive: true, force: true }).catch(rethrowAsStorageError);
      await removeEmptyFolders(dirname(path));
    },

    async sweepTemporary(olderThan) {
      let removed = 0;
      for (const name of await readdir(temporaryFolder).catch(noneWhereAbsent)) {
        const path = join(temporaryFolder, name);
        try {
          // A writer at work keeps its file's time fresh.
          if ((await stat(path)).mtime >= olderThan) continue;
          await unlink(path);
          removed += 1;
        } catch (error) {
          if (!isAbsent(error)) throw storageError(error);
        }
      }
      return removed;
    },
  };
}

/** Keys of which one continues the other: below an object there is nothing (`ENOTDIR`), and a folder is none (`EISDIR`). */
function isAbsent(error: unknown): boolean {
  const code = systemCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR';
}

function noneWhereAbsent(error: unknown): string[] {
  if (isAbsent(error)) return [];
  throw storageError(error);
}

function nullWhereAbsent(error: unknown): null {
  if (isAbsent(error)) return null;
  throw storageError(error);
}

function rethrowAsStorageError(error: unknown): never {
  throw storageError(error);
}
