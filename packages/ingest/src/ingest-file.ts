import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { appendAuditEvent } from '@sheaf/db/audit/append-audit-event';
import { findPlace } from '@sheaf/db/catalogue/find-place';
import { insertAsset } from '@sheaf/db/catalogue/insert-asset';
import type { Database, Executor } from '@sheaf/db/database';
import { AppError } from '@sheaf/domain/app-error';
import type { AssetStatus } from '@sheaf/domain/asset';
import type { AuditEvent } from '@sheaf/domain/audit-event';
import { catalogueFileName, catalogueFolder } from '@sheaf/domain/catalogue-place';
import type { StoredBlob } from '@sheaf/storage/blob-store';
import type { Storage } from '@sheaf/storage/file-storage';
import { readVerified } from '@sheaf/storage/verified-read';
import { type FilePath, readSource, statSource } from './file-source.ts';
import { nameStem } from './name-stem.ts';
import { canPreview } from './preview-kind.ts';
import { detectedMediaType, headBytes, recogniseFile } from './recognise-file.ts';
import { discardBlob, keepWhole, type PutBlob, recordBlob } from './record-blob.ts';
import { plannedStaticRenditions } from './static-renditions.ts';

export interface IngestDeps {
  db: Database;
  storage: Storage;
  /** What faults are dated by; absent: this machine's time. */
  clock?: () => Date;
}

export interface FileToIngest {
  source: { path: FilePath } | { stream: AsyncIterable<Uint8Array> };
  /** As it came: `ingestFile` cleans it up. */
  fileName: string;
  folder: string;
  /** The file name without its extension, when absent. */
  title?: string | undefined;
  licenceId?: string | null | undefined;
  status: AssetStatus;
  expiresAt?: Date | null | undefined;
  createdBy: string | null;
  modifiedAt: Date;
  maxBytes?: number | undefined;
  /** What to do where the same bytes are at the same place already; other bytes there are always a conflict. */
  onExisting: 'skip' | 'fail';
  signal?: AbortSignal | undefined;
  /**
   * Goes around the recording, in its transaction: calls `record`, or answers without it (a repeated request), or
   * throws. Where it is given, a taken place shows only in `record`.
   */
  around?:
    | ((tx: Executor, stored: StoredBlob, record: () => Promise<IngestedFile>) => Promise<IngestedFile>)
    | undefined;
}

export interface IngestedFile {
  assetId: string;
  /** False where the asset was there before. */
  created: boolean;
  sha256: string;
  /** Bytes. */
  size: number;
}

/**
 * Adds one file to the catalogue: stores its bytes in one pass, recognises them, and records asset, original and the
 * renditions to be made together with the job that makes them. Either all of it is there afterwards or nothing.
 *
 * Throws `upload.empty`, `upload.unreadable` (see `recogniseFile`), `upload.too_large`, `input.invalid` (name, folder,
 * licence), `resource.conflict` (the place is taken), and what storage and database throw.
 */
export async function ingestFile(deps: IngestDeps, file: FileToIngest): Promise<IngestedFile> {
  const place = { folder: catalogueFolder(file.folder), fileName: catalogueFileName(file.fileName) };
  const there = file.around ? null : await findExisting(deps, file, place);
  if (there !== null) return there;

  const head = new HeadOf(await bytesOf(file.source));
  const blob = await deps.storage.blobs.put(head, { ...putOptions(file), keep: keepWhole(deps.db) });
  try {
    return await addAsset(deps, file, place, blob, head.bytes());
  } catch (error) {
    // Bytes that stay behind harm nobody; why the file was refused is what the caller has to know.
    await discardBlob(deps.db, deps.storage, blob).catch(() => {});
    throw error;
  }
}

interface Place {
  folder: string;
  fileName: string;
}

async function addAsset(
  { db, storage }: IngestDeps,
  file: FileToIngest,
  place: Place,
  blob: PutBlob,
  head: Uint8Array,
): Promise<IngestedFile> {
  const readAll = async () => buffer(await readVerified(storage.blobs, blob));
  const { mediaType, picture } = await recogniseFile({ fileName: place.fileName, size: blob.size, head, readAll });
  const isPlanned = picture !== null || (await canPreview(await detectedMediaType(head), blob.size));
  file.signal?.throwIfAborted();
  const { sha256, size } = blob;
  const record = async (tx: Executor): Promise<IngestedFile> => {
    await recordBlob(tx, storage, blob);
    const result = await insertAsset(tx, {
      ...place,
      title: file.title?.trim() || nameStem(place.fileName),
      status: file.status,
      expiresAt: file.expiresAt ?? null,
      licenceId: file.licenceId ?? null,
      modifiedAt: file.modifiedAt,
      createdBy: file.createdBy,
      original: { sha256, mediaType, width: picture?.width ?? null, height: picture?.height ?? null },
      pending: isPlanned ? plannedStaticRenditions(place.fileName, picture?.hasAlpha ?? false) : [],
    });
    // Thrown inside, so that bytes that nothing refers to do not stay recorded.
    if (!result.created && (file.onExisting === 'fail' || result.originalSha256 !== sha256)) throw placeTaken(place);
    return { assetId: result.assetId, created: result.created, sha256, size };
  };
  // Where somebody goes around it, they know who asked and from where, and record that themselves.
  const recordImport = async (tx: Executor): Promise<IngestedFile> => {
    const ingested = await record(tx);
    if (ingested.created) await appendAuditEvent(tx, importEvent(file, place, ingested));
    return ingested;
  };
  return db.transaction((tx) => (file.around ? file.around(tx, blob, () => record(tx)) : recordImport(tx)));
}

function importEvent(file: FileToIngest, place: Place, { assetId, sha256, size }: IngestedFile): AuditEvent {
  return {
    at: new Date(),
    actorId: file.createdBy,
    action: 'asset.added',
    assetId,
    licenceId: file.licenceId,
    detail: { ...place, status: file.status, sha256, size, imported: true },
  };
}

/** Saves storing a file that an earlier import has brought in: a file on disk can be compared first. */
async function findExisting({ db }: IngestDeps, file: FileToIngest, place: Place): Promise<IngestedFile | null> {
  const existing = await findPlace(db.orm, place);
  if (existing === null) return null;
  if (file.onExisting === 'fail') throw placeTaken(place);
  if (!('path' in file.source)) return null;
  const { size } = await statSource(file.source.path);
  if (existing.size !== size) throw placeTaken(place);
  const sha256 = await hashFile(file.source.path, size, file.signal);
  if (sha256 !== existing.sha256) throw placeTaken(place);
  return { assetId: existing.assetId, created: false, sha256, size };
}

async function hashFile(path: FilePath, size: number, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of readSource(path, size)) {
    signal?.throwIfAborted();
    hash.update(chunk);
  }
  return hash.digest('hex');
}

async function bytesOf(source: FileToIngest['source']): Promise<AsyncIterable<Uint8Array>> {
  if ('stream' in source) return source.stream;
  const { size } = await statSource(source.path);
  return readSource(source.path, size);
}

function putOptions({ maxBytes, signal }: FileToIngest) {
  return { ...(maxBytes === undefined ? {} : { maxBytes }), ...(signal === undefined ? {} : { signal }) };
}

function placeTaken({ folder, fileName }: Place): AppError {
  return new AppError('resource.conflict', 'There is an asset with this file name in this folder already.', {
    detail: { folder, fileName },
  });
}

/** Passes a source on and remembers its first bytes. */
class HeadOf implements AsyncIterable<Uint8Array> {
  readonly #source: AsyncIterable<Uint8Array>;
  readonly #chunks: Uint8Array[] = [];

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    let kept = 0;
    for await (const chunk of this.#source) {
      if (kept < headBytes) {
        this.#chunks.push(chunk.subarray(0, headBytes - kept));
        kept += chunk.length;
      }
      yield chunk;
    }
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#chunks);
  }
}
