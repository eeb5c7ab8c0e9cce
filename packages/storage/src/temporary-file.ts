import { randomUUID } from 'node:crypto';
import { type FileHandle, open, readdir, rename, stat, unlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { DurableFolders } from './durable-folders.ts';
import { systemCode } from './storage-error.ts';

/** A file that nobody sees until `publish` gives it its name. Its calls fail with the system's own errors. */
export interface TemporaryFile {
  path: string;
  write(chunks: readonly Uint8Array[]): Promise<void>;
  publish(to: string): Promise<void>;
  /** Does nothing after `publish`. Safe more than once. */
  discard(): Promise<void>;
  /**
   * Closes it and leaves what it holds to another writer of the same bytes; without an identity there can be none, and it
   * is discarded. Does nothing after `publish`.
   */
  leave(): Promise<void>;
}

async function writeAll(handle: FileHandle, chunks: readonly Uint8Array[]): Promise<void> {
  const total = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  if (total === 0) return;
  let { bytesWritten } = chunks.length === 1 ? await handle.write(chunks[0]!) : await handle.writev([...chunks]);
  if (bytesWritten === total) return;
  // A file system that is nearly full writes what fits and fails only the next time.
  const rest = Buffer.concat(chunks).subarray(bytesWritten);
  for (let offset = 0; offset < rest.length; offset += bytesWritten) {
    ({ bytesWritten } = await handle.write(rest, offset));
  }
}

/**
 * A new file; with `identity`, one that goes on with what an earlier writer of the same bytes left, where there is
 * something. What is taken over has a new name: nothing that the earlier writer still does to the old one concerns it.
 */
export async function createTemporaryFile(
  folder: string,
  folders: DurableFolders,
  identity?: string,
): Promise<TemporaryFile> {
  const path = join(folder, identity === undefined ? randomUUID() : `${identity}.${randomUUID()}`);
  const handle =
    (identity === undefined ? null : await takeOver(folder, identity, path)) ??
    (await folders.within(folder, () => open(path, 'wx', 0o640)));
  let isOpen = true;
  let isPublished = false;

  async function close() {
    if (!isOpen) return;
    isOpen = false;
    await handle.close();
  }

  async function discard() {
    if (isPublished) return;
    try {
      await close();
    } finally {
      await unlink(path).catch(nullWhereAbsent);
    }
  }

  return {
    path,
    write: (chunks) => writeAll(handle, chunks),
    async publish(to) {
      await handle.sync();
      await close();
      await folders.publish(path, to);
      isPublished = true;
    },
    discard,
    async leave() {
      if (isPublished || !isOpen) return;
      if (identity === undefined || (await handle.stat()).size === 0) await discard();
      else await close();
    },
  };
}

/** Opens the largest file with that identity under a new name. Null where there is none, or another was quicker. */
async function takeOver(folder: string, identity: string, path: string): Promise<FileHandle | null> {
  const names = await readdir(folder).catch(noneWhereAbsent);
  let largest: { path: string; size: number } | undefined;
  for (const name of names) {
    if (!name.startsWith(`${identity}.`)) continue;
    const found = join(folder, name);
    const size = (await stat(found).catch(nullWhereAbsent))?.size ?? 0;
    if (size > (largest?.size ?? 0)) largest = { path: found, size };
  }
  if (largest === undefined) return null;
  try {
    await rename(largest.path, path);
    // To verify it may take long, and what nobody has written to for long is swept away.
    const now = new Date();
    await utimes(path, now, now);
    return await open(path, 'r+');
  } catch (error) {
    return nullWhereAbsent(error);
  }
}

function noneWhereAbsent(error: unknown): never[] {
  nullWhereAbsent(error);
  return [];
}

function nullWhereAbsent(error: unknown): null {
  if (systemCode(error) === 'ENOENT') return null;
  throw error;
}
