import { findAsset } from '@sheaf/db/catalogue/find-asset';
import { setRenditionFailed } from '@sheaf/db/catalogue/set-rendition-failed';
import { setRenditionsReady } from '@sheaf/db/catalogue/set-rendition-ready';
import type { BlobFacts, Rendition } from '@sheaf/domain/rendition';
import { encodePicture, type Pixels } from '@sheaf/imaging/picture-sizes';
import { decodeOriginal, renderFailureText } from './decode-original.ts';
import type { IngestDeps } from './ingest-file.ts';
import { keepWhole, type PutBlob, recordBlobs } from './record-blob.ts';
import { jpegQuality, staticRenditions } from './static-renditions.ts';

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

  const original = renditions.find(({ kind }) => kind === 'original');
  const pixels = isStored(original)
    ? await decodeOriginal(deps, original, Math.max(...pending.map(longestSideOf)), signal)
    : { failure: 'The asset has no original.' };
  signal.throwIfAborted();
  const results =
    'failure' in pixels
      ? pending.map((rendition) => ({ rendition, ...pixels }))
      : await Promise.all(pending.map((rendition) => render(deps, rendition, pixels, signal)));
  await record(deps, results);
  const failed = results.filter((result) => 'failure' in result).length;
  return { rendered: results.length - failed, failed };
}

const isStored = (original: Rendition | undefined): original is Rendition & { blob: BlobFacts } =>
  (original?.blob ?? null) !== null;

async function render(
  { db, storage }: IngestDeps,
  rendition: Rendition,
  pixels: Pixels,
  signal: AbortSignal,
): Promise<Rendered> {
  const target = { longestSide: longestSideOf(rendition), mediaType: rendition.mediaType, jpegQuality };
  const encoded = await encodePicture(pixels, target).catch(renderFailureText);
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

async function* oneChunk(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
