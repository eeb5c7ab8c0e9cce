import { createHash } from 'node:crypto';
import { AppError } from '@sheaf/domain/app-error';
import type { BlobFault } from '@sheaf/domain/rendition';
import { abortableChunks } from './abortable-chunks.ts';
import type { BlobStore, StoredBlob } from './blob-store.ts';
import { recycleChunk } from './recycle-chunk.ts';

export interface VerifyOptions {
  signal: AbortSignal;
  /** Awaited after so many bytes were read, before the next are: what limits the rate. */
  pace?(bytes: number): Promise<void>;
}

/**
 * Reads a blob from end to end and says what is wrong with it; null where its bytes are those of its name. Holds one chunk
 * at a time. Rejects with the signal's reason at once, also while a read hangs, and with `storage.unavailable` where
 * nothing can be said.
 */
export async function verifyBlob(
  store: Pick<BlobStore, 'read'>,
  { sha256, size }: Pick<StoredBlob, 'sha256' | 'size'>,
  { signal, pace }: VerifyOptions,
): Promise<BlobFault | null> {
  const hash = createHash('sha256');
  let read = 0;
  try {
    for await (const chunk of abortableChunks(bytesOf(store, sha256), signal)) {
      read += chunk.length;
      if (read > size) return 'corrupt';
      hash.update(chunk);
      await pace?.(chunk.length);
    }
  } catch (error) {
    if (error instanceof AppError && error.code === 'blob.missing') return 'missing';
    throw error;
  }
  return read === size && hash.digest('hex') === sha256 ? null : 'corrupt';
}

async function* bytesOf(store: Pick<BlobStore, 'read'>, sha256: string): AsyncGenerator<Buffer> {
  const source = await store.read(sha256);
  for await (const chunk of source) {
    yield chunk;
    // Whoever was given it asks for the next one: it is done with this one.
    recycleChunk(source, chunk);
  }
}
