import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { BlobStore, StoredBlob } from './blob-store.ts';

/** A store of its own for one test, and what only the driver knows. */
export interface BlobStoreUnderTest {
  store: BlobStore;
  /** Replaces the bytes of a stored blob behind the store's back. */
  overwrite(sha256: string, bytes: Uint8Array): Promise<void>;
  /** How many blobs and unfinished files there are, also those that the store does not show. */
  count(): Promise<{ blobs: number; temporary: number }>;
  close(): Promise<void>;
}

export function recordOf(bytes: Uint8Array): StoredBlob {
  return { sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length, crc32: crc32(bytes) };
}
