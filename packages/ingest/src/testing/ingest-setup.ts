import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { findAsset } from '@sheaf/db/catalogue/find-asset';
import { createDatabase } from '@sheaf/db/database';
import { createFileStorage } from '@sheaf/storage/file-storage';
import { onTestFinished } from 'vitest';
import { createTestDatabase } from '../../../../test/harness/postgres.ts';
import type { FileToIngest } from '../ingest-file.ts';
import { ingestBytes } from './ingest-bytes.ts';

/** A database and a storage of the test's own, both real, and a folder for files to be imported. */
export async function setupIngest() {
  const { url, drop } = await createTestDatabase();
  onTestFinished(drop);
  const db = createDatabase(url, { maxConnections: 5 });
  onTestFinished(() => db.close());
  const root = await mkdtemp(join(tmpdir(), 'sheaf-ingest-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const storage = createFileStorage(join(root, 'storage'));
  const deps = { db, storage };

  const ingest = (fileName: string, bytes: Uint8Array, options?: Partial<FileToIngest>) =>
    ingestBytes(deps, fileName, bytes, options);

  return {
    ...deps,
    deps,
    ingest,
    assetOf: async (assetId: string) => (await findAsset(db.orm, assetId))!,
    bytesOf: async (sha256: string) => buffer(await storage.blobs.read(sha256)),
    /** SHA-256 of every file in the blob store, recorded or not. */
    storedBlobs: async () => {
      const found = await readdir(join(root, 'storage', 'blobs'), { recursive: true, withFileTypes: true }).catch(
        () => [],
      );
      return found.filter((entry) => entry.isFile()).map((entry) => entry.name);
    },
    blobPath: (sha256: string) => join(root, 'storage', 'blobs', sha256.slice(0, 2), sha256.slice(2, 4), sha256),
    tree: join(root, 'tree'),
    /** Writes files below `tree`; the keys are their paths. */
    writeTree: async (files: Record<string, string | Uint8Array>) => {
      for (const [path, content] of Object.entries(files)) {
        await mkdir(dirname(join(root, 'tree', path)), { recursive: true });
        await writeFile(join(root, 'tree', path), content);
      }
    },
  };
}
