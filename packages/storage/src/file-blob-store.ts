import { createHash } from 'node:crypto';
import { stat as statWithCallback } from 'node:fs';
import { stat, unlink } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { crc32 } from 'node:zlib';
import { AppError } from '@sheaf/domain/app-error';
import { abortableChunks } from './abortable-chunks.ts';
import type { BlobStore, PutOptions, StoredBlob } from './blob-store.ts';
import type { DurableFolders } from './durable-folders.ts';
import { openFileRange } from './file-range-stream.ts';
import { listNames, removeStaleFile } from './stale-files.ts';
import { storageError, systemCode } from './storage-error.ts';
import { createTemporaryFile, type TemporaryFile } from './temporary-file.ts';

/** Written in batches of this size, each while the next one is read and hashed. A smaller blob is written at once. */
const batchBytes = 1024 * 1024;

export interface FileBlobStoreOptions {
  /** Absolute; blobs go to `ab/cd/<sha256>` below it, so that no folder grows past a few thousand files. */
  folder: string;
  /** Absolute, on the same file system. */
  temporaryFolder: string;
  folders: DurableFolders;
}

/** Blobs as files: written under a temporary name, synced, then renamed to their SHA-256. */
export function createFileBlobStore({ folder, temporaryFolder, folders }: FileBlobStoreOptions): BlobStore {
  function pathOf(sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) {
      throw new AppError('input.invalid', 'A blob is named by 64 lower-case hexadecimal digits.');
    }
    // Not `join`, which takes four times as long: a download names tens of thousands.
    return `${folder}${sep}${sha256.slice(0, 2)}${sep}${sha256.slice(2, 4)}${sep}${sha256}`;
  }

  /** A disk that is not there must not look as if every single blob were gone. */
  async function checkFolder(): Promise<void> {
    await stat(folder).catch(rethrowAsStorageError);
  }

  /** By callback: gathering asks this of tens of thousands of files at once, and promises took twice the processor time. */
  function findFile(sha256: string): Promise<{ size: number } | null> {
    return new Promise((resolve, reject) => {
      statWithCallback(pathOf(sha256), (error, found) => {
        if (error === null) resolve({ size: found.size });
        else if (systemCode(error) === 'ENOENT') resolve(null);
        else reject(storageError(error));
      });
    });
  }

  async function put(source: AsyncIterable<Uint8Array>, { maxBytes, signal, keep }: PutOptions = {}) {
    const hash = createHash('sha256');
    let size = 0;
    let crc = 0;
    let batch: Uint8Array[] = [];
    let batchSize = 0;
    let file: TemporaryFile | undefined;
    let writing: Promise<void> = Promise.resolve();

    async function writeBatch() {
      await writing;
      file ??= await createTemporaryFile(temporaryFolder, folders);
      writing = file.write(batch);
      // Whoever awaits it next sees the failure; until then it must not count as unhandled.
      writing.catch(() => {});
      batch = [];
      batchSize = 0;
    }

    try {
      for await (const chunk of abortableChunks(source, signal)) {
        size += chunk.length;
        if (maxBytes !== undefined && size > maxBytes) {
          throw new AppError('upload.too_large', `The file is larger than ${maxBytes} bytes.`, {
            detail: { maxBytes },
          });
        }
        hash.update(chunk);
        crc = crc32(chunk, crc);
        batch.push(chunk);
        batchSize += chunk.length;
        if (batchSize >= batchBytes) await writeBatch().catch(rethrowAsStorageError);
      }
      const blob: StoredBlob = { sha256: hash.digest('hex'), size, crc32: crc };
      // A file of another size under that name was damaged behind our back; the right bytes replace it.
      const there = (await findFile(blob.sha256))?.size === size;
      if (there && (keep === undefined || (await keep(blob.sha256)))) return { ...blob, created: false };
      signal?.throwIfAborted();
      await publishAs(blob.sha256).catch(rethrowAsStorageError);
      return { ...blob, created: true };
    } finally {
      await writing.catch(() => {});
      // What cannot be removed now is left to the sweep; the outcome of the put is what matters to its caller.
      await file?.discard().catch(() => {});
    }

    async function publishAs(sha256: string) {
      if (file === undefined || batchSize > 0) await writeBatch();
      await writing;
      await file?.publish(pathOf(sha256));
    }
  }

  return {
    put,
    async stat(sha256) {
      const found = await findFile(sha256);
      if (found === null) await checkFolder();
      return found;
    },

    async read(sha256, range) {
      try {
        return await openFileRange(pathOf(sha256), range, { sha256 });
      } catch (error) {
        if (systemCode(error) === 'ENOENT') {
          await checkFolder();
          throw new AppError('blob.missing', 'A stored file is missing.', { detail: { sha256 }, cause: error });
        }
        throw storageError(error, { sha256 });
      }
    },

    path: pathOf,

    async remove(sha256) {
      try {
        await unlink(pathOf(sha256));
      } catch (error) {
        if (systemCode(error) !== 'ENOENT') throw storageError(error);
      }
    },

    async names(prefix) {
      const names = await listNames(join(folder, prefix)).catch(rethrowAsStorageError);
      return names.filter((name) => /^[0-9a-f]{64}$/.test(name));
    },

    async removeStale(sha256, writtenBefore) {
      const file = pathOf(sha256);
      return removeStaleFile(file, { writtenBefore, temporaryFolder, folders }).catch(rethrowAsStorageError);
    },
  };
}

function rethrowAsStorageError(error: unknown): never {
  throw storageError(error);
}
