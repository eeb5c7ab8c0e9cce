import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '@sheaf/domain/app-error';

/** A file of the backup, relative to the folder of its snapshot. */
interface ListedFile {
  file: string;
  /** Bytes. */
  size: number;
  sha256: string;
}

/** A list of files, as JSON objects of a line each, and what it adds up to. */
interface FileList extends ListedFile {
  files: number;
  bytes: number;
}

/** What a backup consists of. Written last, in one step: what it names is there. */
export interface Manifest {
  format: 1;
  /** Of Sheaf. */
  version: string;
  /** RFC 3339: all of it is as of this moment. */
  createdAt: string;
  /** The folder, in the backup, of tables and lists. */
  snapshot: string;
  /** SHA-256 of every migration that was applied. */
  migrations: string[];
  /** Stands for the secret key, which it does not tell; null where nobody said which it is. */
  secretKeyId: string | null;
  /** Whether the backup has the secret key itself, in the file `secret-key`. */
  secretKeyIncluded: boolean;
  tables: (ListedFile & { name: string; columns: string[]; rows: number })[];
  counters: Record<string, number>;
  /** Every file of the catalogue that could be had: `blobs/ab/cd/<sha256>`. */
  blobs: FileList;
  /** Of those, so many could not be had: they were missing or damaged. */
  blobsNotThere: number;
  /** What is stored of ready archives: `objects/<key>`. */
  objects: FileList;
  objectsNotThere: number;
}

export interface BlobLine {
  sha256: string;
  size: number;
}

export interface ObjectLine extends BlobLine {
  key: string;
}

export const manifestFile = 'manifest.json';
/** Tells a folder of backups from any other before there is a manifest. */
export const markerFile = 'sheaf-backup';
export const secretKeyFile = 'secret-key';

const hash = /^[0-9a-f]{64}$/;
const plainName = /^[a-z0-9][a-zA-Z0-9_.-]*$/;

/** Throws `input.invalid` where the folder has no manifest, or one that is not well formed. */
export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(path.join(folder, manifestFile), 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new AppError('input.invalid', `There is no backup in ${folder}: its ${manifestFile} cannot be read.`, {
      cause,
    });
  });
  const manifest = parsed(text);
  if (!isManifest(manifest)) {
    throw new AppError('input.invalid', `The ${manifestFile} in ${folder} is not the manifest of a backup.`);
  }
  return manifest;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isManifest(value: unknown): value is Manifest {
  if (typeof value !== 'object' || value === null) return false;
  const { format, version, createdAt, snapshot, migrations, secretKeyId, tables, counters, blobs, objects } =
    value as Record<string, unknown>;
  return (
    format === 1 &&
    [version, createdAt].every((text) => typeof text === 'string') &&
    typeof snapshot === 'string' &&
    plainName.test(snapshot) &&
    (secretKeyId === null || typeof secretKeyId === 'string') &&
    Array.isArray(migrations) &&
    migrations.every((migration) => typeof migration === 'string') &&
    Array.isArray(tables) &&
    tables.every(isTable) &&
    typeof counters === 'object' &&
    counters !== null &&
    Object.values(counters).every(Number.isSafeInteger) &&
    [blobs, objects].every(isFileList)
  );
}

function isListedFile(value: unknown): value is ListedFile {
  const { file, size, sha256 } = (value ?? {}) as Record<string, unknown>;
  return (
    typeof file === 'string' && plainName.test(file) && isCount(size) && typeof sha256 === 'string' && hash.test(sha256)
  );
}

function isTable(value: unknown): boolean {
  if (!isListedFile(value)) return false;
  const { name, columns, rows } = value as unknown as Record<string, unknown>;
  return (
    typeof name === 'string' &&
    Array.isArray(columns) &&
    columns.every((column) => typeof column === 'string') &&
    isCount(rows)
  );
}

function isFileList(value: unknown): boolean {
  if (!isListedFile(value)) return false;
  const { files, bytes } = value as unknown as Record<string, unknown>;
  return isCount(files) && isCount(bytes);
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;

const segment = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;

/** A line of a list; null for anything else, as for what leads out of the backup. */
export function parseBlobLine(line: string): BlobLine | null {
  const { sha256, size } = (parsed(line) ?? {}) as Partial<BlobLine>;
  return typeof sha256 === 'string' && hash.test(sha256) && isCount(size) ? { sha256, size: size! } : null;
}

export function parseObjectLine(line: string): ObjectLine | null {
  const blob = parseBlobLine(line);
  const { key } = (parsed(line) ?? {}) as Partial<ObjectLine>;
  const isKey = typeof key === 'string' && key.split('/').every((part) => segment.test(part));
  return blob !== null && isKey ? { ...blob, key } : null;
}

/** Where a blob is below `blobs/`, in a backup as in the storage. */
export function blobPath(sha256: string): string {
  return path.join(sha256.slice(0, 2), sha256.slice(2, 4), sha256);
}
