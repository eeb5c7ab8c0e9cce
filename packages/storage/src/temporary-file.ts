import { randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
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

export async function createTemporaryFile(folder: string, folders: DurableFolders): Promise<TemporaryFile> {
  const path = join(folder, randomUUID());
  const handle = await folders.within(folder, () => open(path, 'wx', 0o640));
  let isOpen = true;
  let isPublished = false;

  async function close() {
    if (!isOpen) return;
    isOpen = false;
    await handle.close();
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
    async discard() {
      if (isPublished) return;
      try {
        await close();
      } finally {
        await unlink(path).catch((error: unknown) => {
          if (systemCode(error) !== 'ENOENT') throw error;
        });
      }
    },
  };
}
