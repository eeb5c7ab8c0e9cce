import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { recordBlobFault } from '@sheaf/db/storage-care/record-blob-fault';
import type { BlobFacts, Rendition } from '@sheaf/domain/rendition';
import { decodePicture, type Pixels } from '@sheaf/imaging/picture-sizes';
import { faultOfError } from '@sheaf/storage/fault-of-error';
import { readVerified } from '@sheaf/storage/verified-read';
import { decodePdf } from './decode-pdf.ts';
import { decodeVideo } from './decode-video.ts';
import type { IngestDeps } from './ingest-file.ts';
import { previewKind } from './preview-kind.ts';

/** Why there are no pixels; with `originalUnreadable` they may be had later. */
export interface Undecoded {
  failure: string;
  originalUnreadable?: boolean;
}

/**
 * Pixels for an asset's static renditions, as many as the longest side of the largest needs: those of the picture, of a
 * PDF's first page, or of a frame of the video; or why they cannot be had. An original whose bytes are missing or
 * damaged is marked so, and one that is marked is not read. Throws other errors of storage and database, and the signal's
 * reason.
 */
export async function decodeOriginal(
  deps: IngestDeps,
  original: Rendition & { blob: BlobFacts },
  longestSide: number,
  signal: AbortSignal,
): Promise<Pixels | Undecoded> {
  const { fault } = original.blob;
  if (fault !== null) {
    const what = fault === 'missing' ? 'missing' : 'damaged';
    return { failure: `The original cannot be read: its file is ${what}.`, originalUnreadable: true };
  }
  const kind = previewKind(original.mediaType);
  if (kind === 'video') return decodeFromFile(deps, original, longestSide, signal);
  const bytes = await unlessFaulty(deps, async () => buffer(await readVerified(deps.storage.blobs, original.blob)));
  if (!Buffer.isBuffer(bytes)) return bytes;
  signal.throwIfAborted();
  return orWhyNot(signal, async () => {
    if (kind === 'pdf') return decodePdf(bytes, longestSide, signal);
    const { mediaType, width, height } = original;
    const recordedSide = width === null || height === null ? null : Math.max(width, height);
    return decodePicture({ bytes, mediaType, recordedSide, longestSide });
  });
}

async function decodeFromFile(
  deps: IngestDeps,
  original: Rendition & { blob: BlobFacts },
  longestSide: number,
  signal: AbortSignal,
): Promise<Pixels | Undecoded> {
  const folder = await mkdtemp(join(tmpdir(), 'sheaf-video-'));
  const path = join(folder, 'video');
  try {
    const copied = await unlessFaulty(deps, async () =>
      writeFile(path, await readVerified(deps.storage.blobs, original.blob), { signal }),
    );
    if (copied !== undefined) return copied;
    return await orWhyNot(signal, () => decodeVideo(path, longestSide, signal));
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const systemClock = () => new Date();

async function unlessFaulty<T>(
  { db, clock = systemClock }: IngestDeps,
  read: () => Promise<T>,
): Promise<T | Undecoded> {
  try {
    return await read();
  } catch (error) {
    const found = faultOfError(error);
    if (found === null) throw error;
    await db.transaction((tx) => recordBlobFault(tx, { ...found, now: clock() }));
    return { failure: `The original cannot be read: ${(error as Error).message}`, originalUnreadable: true };
  }
}

async function orWhyNot(signal: AbortSignal, decode: () => Promise<Pixels>): Promise<Pixels | Undecoded> {
  try {
    return await decode();
  } catch (error) {
    signal.throwIfAborted();
    return { failure: renderFailureText(error) };
  }
}

/** What is recorded of a rendition that could not be made. */
export const renderFailureText = (error: unknown): string =>
  `The picture could not be rendered: ${error instanceof Error ? error.message.trim() : String(error)}`;
