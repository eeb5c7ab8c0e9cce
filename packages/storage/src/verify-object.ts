import { createHash } from 'node:crypto';
import type { BlobFault } from '@sheaf/domain/rendition';
import { abortableChunks } from './abortable-chunks.ts';
import { isMediumError } from './fault-of-error.ts';
import type { ObjectStore } from './object-store.ts';
import { recycleChunk } from './recycle-chunk.ts';
import type { VerifyOptions } from './verify-blob.ts';

/**
 * Says what is wrong with a stored object; null where it is what was recorded. One of which the SHA-256 (lower-case
 * hexadecimal) is known is read from end to end, another goes by its size. One that its medium does not give is damaged.
 * Rejects as `verifyBlob` does.
 */
export async function verifyObject(
  store: Pick<ObjectStore, 'read' | 'stat'>,
  { objectKey, size, sha256 }: { objectKey: string; size: number; sha256: string | null },
  { signal, pace }: VerifyOptions,
): Promise<BlobFault | null> {
  const stored = await store.stat(objectKey);
  if (stored === null) return 'missing';
  if (stored.size !== size) return 'corrupt';
  if (sha256 === null) return null;
  const hash = createHash('sha256');
  try {
    for await (const chunk of abortableChunks(bytesOf(store, objectKey), signal)) {
      hash.update(chunk);
      await pace?.(chunk.length);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (isMediumError(error)) return 'corrupt';
    throw error;
  }
  return hash.digest('hex') === sha256 ? null : 'corrupt';
}

async function* bytesOf(store: Pick<ObjectStore, 'read'>, key: string): AsyncGenerator<Buffer> {
  const source = await store.read(key);
  for await (const chunk of source) {
    yield chunk;
    recycleChunk(source, chunk);
  }
}
