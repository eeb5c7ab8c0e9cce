import type { Readable } from 'node:stream';
import { AppError } from '@sheaf/domain/app-error';
import type { ByteRange, StoredBlob } from './blob-store.ts';
import type { Storage } from './file-storage.ts';
import type { StallLimit } from './stall-limit.ts';

/** Stored files as the archive engine reads them. */
export interface StoredContent {
  /** Rejects with `blob.missing`, and with `blob.corrupt` where part of a blob is asked for that has another size. */
  open(blob: StoredBlob, range: ByteRange): Promise<Readable>;
  path(sha256: string): string | null;
  stallLimit?: StallLimit;
}

export function storedContent({ blobs, stallLimit }: Pick<Storage, 'blobs' | 'stallLimit'>): StoredContent {
  return {
    ...(stallLimit && { stallLimit }),
    async open(blob, range) {
      const { sha256, size } = blob;
      // Who reads the whole counts the bytes; a part of a blob that has grown looks like any other.
      const isWhole = range.start === 0 && range.end === size - 1;
      const stored = isWhole ? null : await blobs.stat(sha256);
      if (stored !== null && stored.size !== size) {
        throw new AppError('blob.corrupt', 'A stored file is damaged.', {
          detail: { sha256, expectedSize: size, size: stored.size },
        });
      }
      return blobs.read(sha256, range);
    },
    path: (sha256) => blobs.path(sha256),
  };
}
