import { resolve } from 'node:path';
import type { BlobStore } from './blob-store.ts';
import { createDurableFolders } from './durable-folders.ts';
import { createFileBlobStore } from './file-blob-store.ts';
import { createFileObjectStore } from './file-object-store.ts';
import type { ObjectStore } from './object-store.ts';
import type { StallLimit } from './stall-limit.ts';
import { storageError } from './storage-error.ts';
import { createTemporaryFile } from './temporary-file.ts';

/** Everything that Sheaf stores, whichever driver keeps it. */
export interface Storage {
  blobs: BlobStore;
  objects: ObjectStore;
  /** How long it may be silent, for whoever reads its files by their path; absent: as long as it takes. */
  stallLimit?: StallLimit;
  /** Writes and removes a few bytes. Rejects with `storage.unavailable` or `storage.full`. */
  check(): Promise<void>;
}

/** Storage in one folder, which is created when first needed: `blobs/`, `objects/` and `temporary/`. */
export function createFileStorage(root: string): Storage {
  const temporaryFolder = resolve(root, 'temporary');
  const folders = createDurableFolders();
  return {
    blobs: createFileBlobStore({ folder: resolve(root, 'blobs'), temporaryFolder, folders }),
    objects: createFileObjectStore({ folder: resolve(root, 'objects'), temporaryFolder, folders }),
    async check() {
      try {
        const file = await createTemporaryFile(temporaryFolder, folders);
        try {
          await file.write([Buffer.from('check')]);
        } finally {
          await file.discard();
        }
      } catch (error) {
        throw storageError(error);
      }
    },
  };
}
