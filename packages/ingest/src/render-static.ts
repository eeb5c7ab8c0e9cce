import { buffer } from 'node:stream/consumers';
import { findAsset } from '@sheaf/db/catalogue/find-asset';
import { markBlobFault } from '@sheaf/db/catalogue/mark-blob-fault';
import { setRenditionFailed } from '@sheaf/db/catalogue/set-rendition-failed';
import { setRenditionsReady } from '@sheaf/db/catalogue/set-rendition-ready';
import { AppError } from '@sheaf/domain/app-error';
import type { BlobFacts, Rendition } from '@sheaf/domain/rendition';
import { readVerified } from '@sheaf/storage/verified-read';
import type { IngestDeps } from './ingest-file.ts';
import { decodePicture, encodePicture, type Pixels } from './picture-sizes.ts';
import { keepWhole, type PutBlob, recordBlobs } from './record-blob.ts';
import { staticRenditions } from './static-renditions.ts';

export interface RenderCounts {
  rendered: number;
  failed: number;
}

type Rendered =
  | { rendition: Rendition; blob: PutBlob; width: number; height: number }
  | { rendition: Rendition; failure: string; originalUnreadable?: boolean };

/**
 * Makes an asset's pending static renditions and marks each `ready`, or `failed` with the reason. Made again, the same
 * bytes come out and what is ready stays, so that it may run twice or side by side. An original that cannot be had is
 * marked so, and its renditions fail. Does nothing for an asset that is gone.
 *
 * Throws what may pass: errors of storage and database, and the signal's reason.
 */
export async function renderStaticRenditions(
  deps: IngestDeps,
  assetId: string,
  signal: AbortSignal,
): Promise<RenderCounts> {
  const renditions = (await findAsset(deps.db.orm, assetId))?.renditions ?? [];
  const pending = renditions.filter(({ kind, state }) => kind === 'static' && state === 'pending');
  if (pending.length === 0) return { rendered: 0, failed: 0 };

  const pixels = await decodeOriginal(deps, renditions, pending, signal);
  signal.throwIfAborted();
  const results =
    'failure' in pixels
      ? pending.map((rendition) => ({ rendition, ...pixels }))
      : await Promise.all(pending.map((rendition) => render(deps, rendition, pixels, signal)));
  await record(deps, results);
  const failed = results.filter((result) => 'failure' in result).length;
  return { rendered: results.length - failed, failed };
}

/** Why there are no pixels; with `originalUnreadable` they may be had later. */
interface Undecoded {
  failure: string;
  originalUnreadable?: boolean;
}

/** The original's pixels, as many as the largest of the renditions needs; or why they cannot be had. */
async function decodeOriginal(
  deps: IngestDeps,
  renditions: Rendition[],
  pending: Rendition[],
  signal: AbortSignal,
): Promise<Pixels | Undecoded> {
  const original = renditions.find(({ kind }) => kind === 'original');
  if (!original?.blob) return { failure: 'The asset has no original.' };
  const bytes = await readOriginal(deps, original.blob);
  if (typeof bytes === 'string') return { failure: bytes, originalUnreadable: true };
  signal.throwIfAborted();
  const { mediaType, width, height } = original;
  const recordedSide = width === null || height === null ? null : Math.max(width, height);
  const longestSide = Math.max(...pending.map(longestSideOf));
  return decodePicture({ bytes, mediaType, recordedSide, longestSide }).catch((error: unknown) => ({
    failure: failureText(error),
  }));
}

async function readOriginal({ db, storage }: IngestDeps, blob: BlobFacts): Promise<Buffer | string> {
  try {
    return await buffer(await readVerified(storage.blobs, blob));
  } catch (error) {
    if (!(error instanceof AppError) || (error.code !== 'blob.missing' && error.code !== 'blob.corrupt')) throw error;
    await markBlobFault(db.orm, blob.sha256, error.code === 'blob.missing' ? 'missing' : 'corrupt');
    return `The original cannot be read: ${error.message}`;
  }
}

async function render(
  { db, storage }: IngestDeps,
  rendition: Rendition,
  pixels: Pixels,
  signal: AbortSignal,
): Promise<Rendered> {
  const target = { longestSide: longestSideOf(rendition), mediaType: rendition.mediaType };
  const encoded = await encodePicture(pixels, target).catch(failureText);
  if (typeof encoded === 'string') return { rendition, failure: encoded };
  const { bytes, width, height } = encoded;
  return { rendition, blob: await storage.blobs.put(oneChunk(bytes), { signal, keep: keepWhole(db) }), width, height };
}

async function record({ db, storage }: IngestDeps, results: Rendered[]): Promise<void> {
  const made = results.filter((result) => 'blob' in result);
  const failed = results.filter((result) => 'failure' in result);
  await db.transaction(async (tx) => {
    for (const { rendition, failure, ...why } of failed) await setRenditionFailed(tx, rendition.id, failure, why);
    if (made.length === 0) return;
    await recordBlobs(
      tx,
      storage,
      made.map(({ blob }) => blob),
    );
    await setRenditionsReady(
      tx,
      made.map(({ rendition, blob, width, height }) => ({
        renditionId: rendition.id,
        sha256: blob.sha256,
        width,
        height,
      })),
    );
  });
}

/** A rendition whose definition is gone is made as large as the largest. */
function longestSideOf({ name }: Rendition): number {
  const sides = staticRenditions.map(({ longestSide }) => longestSide);
  return staticRenditions.find((definition) => definition.name === name)?.longestSide ?? Math.max(...sides);
}

const failureText = (error: unknown): string =>
  `The picture could not be rendered: ${error instanceof Error ? error.message.trim() : String(error)}`;

async function* oneChunk(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
