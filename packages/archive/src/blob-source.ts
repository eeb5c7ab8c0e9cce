import type { Readable } from 'node:stream';
import type { BlobReference } from './archive-entry.ts';

/** Bytes from `start` to `end`, both included. */
export interface ByteRange {
  start: number;
  end: number;
}

/** How long stored files may be silent. Both are told of too long a silence by an error of the source's own. */
export interface StallLimit {
  /** Settles as the promise does, unless that takes too long. */
  within<T>(pending: Promise<T>): Promise<T>;
  /** Tells, once, that `progress` has given the same for too long; until the function is called that it gives. */
  watch(onStalled: (error: Error) => void, progress?: () => number): () => void;
}

/** Where the content of an archive's files is read. */
export interface BlobSource {
  /**
   * Opens bytes of a stored file. Rejects with `blob.missing` where it is gone, and should reject with `blob.corrupt`
   * where it is known to have another size than recorded: a range of a file that grew looks like any other.
   */
  open(blob: BlobReference, range: ByteRange): Promise<Readable>;
  /** Absolute, where stored files are plain files of this machine; they are then read without a stream. */
  path?(sha256: string): string | null;
  /** For what is read by its path. Absent: whoever reads waits as long as it takes. */
  stallLimit?: StallLimit;
}
