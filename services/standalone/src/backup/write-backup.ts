import { mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { dumpDatabase, type Snapshot } from '@sheaf/db/backup/dump-database';
import { AppError } from '@sheaf/domain/app-error';
import packageJson from '../../package.json' with { type: 'json' };
import { lockFile } from '../folder-lock.ts';
import type { Installation } from '../open-installation.ts';
import { type HashedFile, hashFile, placeFile, sizeOf } from './hashed-file.ts';
import { keepHoldingFiles } from './keep-holding-files.ts';
import { readLines, writeLines } from './lines.ts';
import { blobPath, type Manifest, manifestFile, markerFile, secretKeyFile } from './manifest.ts';
import { removeOlder } from './remove-older.ts';
import { secretKeyId } from './secret-key-id.ts';
import { severalAtOnce } from './several-at-once.ts';

export interface BackupOptions {
  /** Copy files, also where a second name would do. */
  copy: boolean;
  /** Null where it is not known. */
  secretKey: string | null;
  includeSecretKey: boolean;
}

export interface WrittenBackup {
  manifest: Manifest;
  /** Files that are new in the backup. */
  added: { files: number; bytes: number };
}

/**
 * Writes a backup of an installation into a folder, while the installation runs: the database as of one moment, and every
 * file that it names. What an earlier backup there has is not copied again. A backup that does not come to its end leaves
 * the earlier one as it was. Throws `resource.conflict` for a folder that has something else in it, or that another backup
 * is being written into.
 */
export async function writeBackup(
  { db, databaseUrl, storage }: Pick<Installation, 'db' | 'databaseUrl' | 'storage'>,
  folder: string,
  options: BackupOptions,
): Promise<WrittenBackup> {
  const release = await takeFolder(folder);
  const hold = await keepHoldingFiles(db).catch((error: unknown) => {
    release();
    throw error;
  });
  const createdAt = new Date();
  const snapshotName = `snapshot-${createdAt.toISOString().replaceAll(/[-:.]/g, '').toLowerCase()}`;
  const snapshotFolder = path.join(folder, snapshotName);
  const added = { files: 0, bytes: 0 };
  const sourceOf = (file: string | null): string => {
    if (file === null)
      throw new AppError('input.invalid', 'Only a storage of files can be backed up: use its own means.');
    return file;
  };

  async function add(from: string, to: string, file: { size: number; sha256: string }): Promise<boolean> {
    hold.assertKept();
    if ((await sizeOf(to)) === file.size) return true;
    const placed = await placeFile(from, to, file, options.copy);
    if (placed === 'missing' || placed === 'damaged') return false;
    added.files += 1;
    added.bytes += file.size;
    return true;
  }

  try {
    await mkdir(snapshotFolder);
    const dumped = await dumpDatabase(databaseUrl, async (snapshot) => ({
      migrations: snapshot.migrations,
      counters: await snapshot.counters(),
      tables: await writeTables(snapshot, snapshotFolder),
      known: await writeKnown(snapshot, snapshotFolder),
    }));
    const blobs = { files: 0, bytes: 0, notThere: 0 };
    const blobList = await writeLines(path.join(snapshotFolder, 'files-of-blobs.ndjson'), addBlobs());
    const objects = { files: 0, bytes: 0, notThere: 0 };
    const objectList = await writeLines(path.join(snapshotFolder, 'files-of-objects.ndjson'), addObjects());
    await rm(dumped.known.blobs);
    await rm(dumped.known.objects);

    async function* addBlobs() {
      const placed = severalAtOnce(readLines(dumped.known.blobs), async (line) => {
        const { sha256, size, fault } = JSON.parse(line) as { sha256: string; size: number; fault: string | null };
        const to = path.join(folder, 'blobs', blobPath(sha256));
        const from = sourceOf(storage.blobs.path(sha256));
        // What is no longer right at its source may still be right here, and is the last copy then.
        const isThere =
          (fault === null && (await add(from, to, { sha256, size }))) || (await hashFile(to))?.sha256 === sha256;
        return isThere ? { sha256, size } : null;
      });
      for await (const blob of placed) {
        if (blob === null) {
          blobs.notThere += 1;
          continue;
        }
        blobs.files += 1;
        blobs.bytes += blob.size;
        yield blob;
      }
    }

    async function* addObjects() {
      for await (const line of readLines(dumped.known.objects)) {
        const { key, size, sha256: known } = JSON.parse(line) as { key: string; size: number; sha256: string | null };
        const from = sourceOf(storage.objects.path(key));
        const to = path.join(folder, 'objects', ...key.split('/'));
        const hashed = known === null ? ((await hashFile(from)) ?? (await hashFile(to))) : { size, sha256: known };
        if (hashed?.size === size && ((await add(from, to, hashed)) || isSame(await hashFile(to), hashed))) {
          objects.files += 1;
          objects.bytes += size;
          yield { key, ...hashed };
        } else objects.notThere += 1;
      }
    }

    const { secretKey } = options;
    const manifest: Manifest = {
      format: 1,
      version: packageJson.version,
      createdAt: createdAt.toISOString(),
      snapshot: snapshotName,
      migrations: dumped.migrations,
      secretKeyId: secretKey === null ? null : secretKeyId(secretKey),
      secretKeyIncluded: options.includeSecretKey,
      tables: dumped.tables,
      counters: dumped.counters,
      blobs: { file: 'files-of-blobs.ndjson', ...blobList, files: blobs.files, bytes: blobs.bytes },
      blobsNotThere: blobs.notThere,
      objects: { file: 'files-of-objects.ndjson', ...objectList, files: objects.files, bytes: objects.bytes },
      objectsNotThere: objects.notThere,
    };
    if (options.includeSecretKey) await writeSecretKey(folder, options);
    await hold.assertKeptUntilNow();
    await publish(folder, manifest);
    if (!options.includeSecretKey) await rm(path.join(folder, secretKeyFile), { force: true });
    await removeOlder(folder, manifest);
    return { manifest, added };
  } catch (error) {
    await rm(snapshotFolder, { recursive: true, force: true });
    throw error;
  } finally {
    hold.stop();
    release();
  }
}

function isSame(one: HashedFile | null, other: HashedFile): boolean {
  return one?.size === other.size && one.sha256 === other.sha256;
}

/** For this backup alone, until what it returns is called or the process ends. */
async function takeFolder(folder: string): Promise<() => void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const there = await readdir(folder);
  if (there.length > 0 && !there.includes(markerFile)) {
    throw new AppError('resource.conflict', `The folder ${folder} is neither empty nor a backup of Sheaf.`);
  }
  await writeFile(path.join(folder, markerFile), 'Backups of Sheaf. See docs/backup.md.\n');
  try {
    return lockFile(path.join(folder, 'lock')).release;
  } catch (error) {
    // Some file systems of other machines know no locks.
    if ((error as AppError).code !== 'resource.conflict') return () => {};
    throw new AppError('resource.conflict', `Another backup is being written into ${folder}.`, { cause: error });
  }
}

async function writeTables(snapshot: Snapshot, folder: string): Promise<Manifest['tables']> {
  const tables: Manifest['tables'] = [];
  for await (const { name, columns, rows: pages } of snapshot.tables()) {
    const file = `${name}.ndjson`;
    let rows = 0;
    async function* lines() {
      for await (const row of flat(pages)) {
        rows += 1;
        yield row;
      }
    }
    const written = await writeLines(path.join(folder, file), lines());
    tables.push({ name, columns, rows, file, ...written });
  }
  return tables;
}

/** What the database names, to be looked for once its transaction has ended: that may take hours. */
async function writeKnown(snapshot: Snapshot, folder: string): Promise<{ blobs: string; objects: string }> {
  const [blobs, objects] = [path.join(folder, 'known-blobs.ndjson'), path.join(folder, 'known-objects.ndjson')];
  await writeLines(blobs, flat(snapshot.blobs()));
  await writeLines(objects, flat(snapshot.objects()));
  return { blobs, objects };
}

async function* flat<T>(pages: AsyncIterable<T[]>): AsyncGenerator<T> {
  for await (const page of pages) yield* page;
}

async function writeSecretKey(folder: string, { secretKey }: BackupOptions): Promise<void> {
  const file = path.join(folder, secretKeyFile);
  if (secretKey === null) throw new AppError('input.invalid', 'There is no secret key here to include.');
  await writeFile(file, `${secretKey}\n`, { mode: 0o600, flush: true });
}

async function publish(folder: string, manifest: Manifest): Promise<void> {
  const temporary = path.join(folder, `${manifestFile}.new`);
  await writeFile(temporary, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600, flush: true });
  await rename(temporary, path.join(folder, manifestFile));
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
