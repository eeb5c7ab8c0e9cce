import { findLicence } from '@sheaf/db/catalogue/find-licence';
import { unknownLicence } from '@sheaf/db/catalogue/unknown-licence';
import { readVisibility } from '@sheaf/db/visibility/read-visibility';
import { AppError, type ErrorCode } from '@sheaf/domain/app-error';
import type { AssetStatus } from '@sheaf/domain/asset';
import { initialStatus } from '@sheaf/domain/initial-status';
import { statSource } from './file-source.ts';
import { type FolderContent, type FolderFile, walkFolder } from './folder-walk.ts';
import { type IngestDeps, ingestFile } from './ingest-file.ts';

export interface ImportOptions {
  /** Folder of the catalogue that the tree goes into; the root when absent. */
  targetFolder?: string | undefined;
  licenceId?: string | null | undefined;
  /** Approves what is added; else the visibility configuration says what its status is (rule 9). */
  approve: boolean;
  createdBy: string | null;
  /** Ends the import between two files or in the midst of one; what was added stays. */
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: ImportProgress) => void) | undefined;
}

export interface ImportProgress {
  filesDone: number;
  filesTotal: number;
  /** Bytes added so far. */
  bytesAdded: number;
}

export interface ImportFailure {
  /** Below the imported folder, `/`-separated. */
  path: string;
  code: ErrorCode;
  message: string;
}

export interface ImportReport {
  /** Files added. */
  imported: number;
  /** Files that were there already: same place, same bytes. */
  skipped: number;
  failed: ImportFailure[];
  /** Links, sockets and devices, which are never imported. */
  ignored: string[];
}

/** Files at once: while one is synced to disk, the next are read and decoded. More gain nothing on few cores. */
const concurrency = 4;

/** Faults of one file. Any other error would meet every further file as well, and ends the import. */
const fileFaults: readonly ErrorCode[] = [
  'input.invalid',
  'resource.conflict',
  'upload.empty',
  'upload.too_large',
  'upload.unreadable',
];

/**
 * Adds a tree of files, keeping its folders. What is there already is skipped, so that an import that was interrupted
 * is finished by starting it again. Names that start with a dot and links are left out (see `walkFolder`).
 *
 * Throws `input.invalid` where the folder cannot be read or there is no such licence, the signal's reason, and errors
 * of storage and database; a file's own fault goes into the report instead.
 */
export async function importFolder(deps: IngestDeps, folder: string, options: ImportOptions): Promise<ImportReport> {
  const { signal } = options;
  const status = await statusOf(deps, options);
  await checkLicence(deps, options);
  const content = await walkFolder(folder, signal);
  const report: ImportReport = {
    imported: 0,
    skipped: 0,
    failed: unreadableFolders(content),
    ignored: content.ignored,
  };
  const progress: ImportProgress = { filesDone: 0, filesTotal: content.files.length, bytesAdded: 0 };
  const stop = new AbortController();
  const fileSignal = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);

  async function importFile(file: FolderFile): Promise<void> {
    try {
      const { modifiedAt } = await statSource(file.path);
      const { created, size } = await ingestFile(deps, {
        ...file,
        folder: [options.targetFolder, file.folder].filter(Boolean).join('/'),
        source: { path: file.path },
        licenceId: options.licenceId,
        status,
        createdBy: options.createdBy,
        modifiedAt,
        onExisting: 'skip',
        signal: fileSignal,
      });
      if (created) {
        report.imported += 1;
        progress.bytesAdded += size;
      } else {
        report.skipped += 1;
      }
    } catch (error) {
      if (!isFileFault(error)) throw error;
      const path = file.folder === '' ? file.fileName : `${file.folder}/${file.fileName}`;
      report.failed.push({ path, code: error.code, message: error.message });
    }
    progress.filesDone += 1;
    options.onProgress?.({ ...progress });
  }

  const queue = content.files.values();
  async function work(): Promise<void> {
    try {
      for (const file of queue) {
        fileSignal.throwIfAborted();
        await importFile(file);
      }
    } catch (error) {
      stop.abort(error);
      throw error;
    }
  }
  await Promise.allSettled(Array.from({ length: concurrency }, work));
  if (stop.signal.aborted) throw stop.signal.reason;
  report.failed.sort((a, b) => (a.path < b.path ? -1 : 1));
  return report;
}

async function statusOf({ db }: IngestDeps, { approve }: ImportOptions): Promise<AssetStatus> {
  return approve ? 'approved' : initialStatus((await readVisibility(db.orm)).configuration);
}

/** Asked once, so that a mistyped licence does not fail every file after it was stored. */
async function checkLicence({ db }: IngestDeps, { licenceId }: ImportOptions): Promise<void> {
  if (licenceId === undefined || licenceId === null) return;
  if ((await findLicence(db.orm, licenceId)) === null) throw unknownLicence(licenceId);
}

function unreadableFolders({ unreadable }: FolderContent): ImportFailure[] {
  return unreadable.map(({ path, systemErrorCode }) => ({
    path,
    code: 'upload.unreadable',
    message: `The folder could not be read: ${systemErrorCode}.`,
  }));
}

function isFileFault(error: unknown): error is AppError {
  return error instanceof AppError && fileFaults.includes(error.code);
}
