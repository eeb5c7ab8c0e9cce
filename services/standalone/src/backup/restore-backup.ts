import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { isDatabaseEmpty, loadDatabase } from '@sheaf/db/backup/load-database';
import { AppError } from '@sheaf/domain/app-error';
import type { Settings } from '@sheaf/runtime/settings';
import { type HeldDataFolder, holdDataFolder } from '../data-folder.ts';
import { startDatabase } from '../database-service.ts';
import { writePrivateFile } from '../secret-file.ts';
import { backedUpFiles, checkBackup } from './check-backup.ts';
import { chooseSecretKey, type SecretKeyChoice } from './choose-secret-key.ts';
import { placeFile } from './hashed-file.ts';
import { readLines } from './lines.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { severalAtOnce } from './several-at-once.ts';

export interface RestoreOptions {
  /** Copy files, also where a second name would do. */
  copy: boolean;
  /** Go on where the secret key cannot be had: what it sealed is lost. */
  withoutSecretKey: boolean;
  /** Go on where files of the catalogue or of archives are missing or damaged in the backup: those are lost. */
  withoutDamaged: boolean;
}

export interface RestoredBackup {
  manifest: Manifest;
  secretsLost: boolean;
  filesLost: number;
}

/** What a restore makes in a data folder, besides what every command makes there. */
const made = ['blobs', 'objects', 'temporary', 'postgres', 'secret-key', 'postgres-password'];

/**
 * Makes an empty installation the one that was backed up. Reads all of the backup first: one that is not whole, or that
 * meets anything at its place, changes nothing. Throws `input.invalid`, `blob.missing` and `blob.corrupt` for the backup,
 * `resource.conflict` for an installation that is not empty or another version.
 */
export async function restoreBackup(
  settings: Settings,
  folder: string,
  options: RestoreOptions,
  show: (line: string) => void,
): Promise<RestoredBackup> {
  const manifest = await readManifest(folder);
  const choice = await chooseSecretKey(settings, folder, manifest, options);
  const faulty = await checkBackup(folder, manifest);
  const [first] = faulty.values();
  if (first !== undefined && !options.withoutDamaged) throw first;
  const data = await holdDataFolder(settings.DATA_DIR);
  try {
    await assertEmpty(settings, data);
    await fill(settings, data, { folder, manifest, choice, options, show, lost: new Set(faulty.keys()) });
    return { manifest, secretsLost: choice.secretsLost, filesLost: faulty.size };
  } finally {
    await data.release();
  }
}

async function assertEmpty(settings: Settings, data: HeldDataFolder): Promise<void> {
  const there = await readdir(data.path);
  const taken: string[] = [];
  for (const name of made.filter((known) => there.includes(known))) {
    const content = await readdir(path.join(data.path, name), { recursive: true, withFileTypes: true }).catch(
      () => null,
    );
    if (content === null || content.some((entry) => entry.isFile())) taken.push(name);
  }
  const isEmpty = settings.DATABASE_URL === undefined || (await isDatabaseEmpty(settings.DATABASE_URL));
  if (taken.length === 0 && isEmpty) return;
  const what = taken.length > 0 ? `${data.path} has ${taken.join(', ')}` : 'the database has rows';
  throw new AppError('resource.conflict', `A backup is restored into an empty installation alone: ${what}.`);
}

interface Restore {
  folder: string;
  manifest: Manifest;
  choice: SecretKeyChoice;
  options: RestoreOptions;
  /** Places of files that the backup does not have. */
  lost: ReadonlySet<string>;
  show(line: string): void;
}

async function fill(settings: Settings, data: HeldDataFolder, restore: Restore): Promise<void> {
  const { folder, manifest, choice, lost, show } = restore;
  try {
    // Files first: no row is there before what it names.
    await placeFiles(data.path, restore);
    if (choice.keep !== null) await writePrivateFile(path.join(data.path, 'secret-key'), `${choice.keep}\n`);
    const database = await startDatabase(settings, data, show);
    try {
      await loadDatabase(database.url, {
        ...manifest,
        async *rows(table) {
          const { file } = manifest.tables.find(({ name }) => name === table)!;
          for await (const line of readLines(path.join(folder, manifest.snapshot, file))) yield JSON.parse(line);
        },
        secretsLost: choice.secretsLost,
        blobsLost: [...lost].filter((place) => place.startsWith('blobs')).map((place) => path.basename(place)),
      });
    } finally {
      await database.stop();
    }
  } catch (error) {
    for (const name of made) await rm(path.join(data.path, name), { recursive: true, force: true });
    throw error;
  }
}

async function placeFiles(root: string, { folder, manifest, options, lost }: Restore): Promise<void> {
  // Also where nothing is in them: a storage without them is one that is away.
  for (const name of ['blobs', 'objects']) await mkdir(path.join(root, name), { recursive: true });
  const all = severalAtOnce(backedUpFiles(folder, manifest), async ({ from, to, ...file }) => {
    if (lost.has(to)) return null;
    const placed = await placeFile(from, path.join(root, to), file, options.copy);
    return placed === 'link' || placed === 'copy' ? null : from;
  });
  for await (const changed of all) {
    if (changed === null) continue;
    throw new AppError('blob.corrupt', `A file of the backup changed while it was being restored: ${changed}`);
  }
}
