import type { Readable } from 'node:stream';

/** What was recorded when a blob was stored. The SHA-256 is its name; size and CRC-32 let a reader verify it cheaply. */
export interface StoredBlob {
  /** 64 lower-case hexadecimal digits. */
  sha256: string;
  /** Bytes. */
  size: number;
  /** Unsigned 32 bits. */
  crc32: number;
}

export interface PutOptions {
  /** Bytes; one more than that fails with `upload.too_large`. */
  maxBytes?: number;
  /** An aborted put rejects with the signal's reason and leaves nothing behind. */
  signal?: AbortSignal;
  /**
   * Asked where a blob with that name and size is there already. False when its bytes are known to be damaged: then
   * those just read take their place.
   */
  keep?: (sha256: string) => Promise<boolean>;
}

/** Bytes from `start` to `end`, both included. An `end` past the last byte means the last byte. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * Immutable files named by the SHA-256 of their bytes. A blob is either completely there or not at all, whatever
 * happens to the process or the machine while it is stored.
 *
 * Every call may fail with `storage.unavailable`; one that writes also with `storage.full`. Both are retryable. A store
 * into which nothing was ever put is unavailable to `stat` and `read`: it looks like one whose disk is away.
 */
export interface BlobStore {
  /**
   * Stores the bytes in one pass. The source's chunks must not be changed after they were handed over. An error of the
   * source is passed on as it is. `created` is false where the same bytes were there before; two puts of the same new
   * bytes at the same time may both say true.
   */
  put(source: AsyncIterable<Uint8Array>, options?: PutOptions): Promise<StoredBlob & { created: boolean }>;
  stat(sha256: string): Promise<{ size: number } | null>;
  /** Rejects with `blob.missing` where there is no such blob. The bytes are not verified: see `readVerified`. */
  read(sha256: string, range?: ByteRange): Promise<Readable>;
  /**
   * The blob's absolute path, whether or not it exists; null where the driver has no files. Throws `input.invalid` for
   * what is no SHA-256.
   */
  path(sha256: string): string | null;
  /** Does nothing where there is no such blob. */
  remove(sha256: string): Promise<void>;
  /** The names of all blobs that begin with these two hexadecimal digits, in no order. */
  names(prefix: string): Promise<string[]>;
  /**
   * Removes a blob unless it was written since then: also where that happens while it is being removed. False where it
   * stays, or there is none.
   */
  removeStale(sha256: string, writtenBefore: Date): Promise<boolean>;
}
