import type { Readable, Writable } from 'node:stream';
import type { ByteRange } from './blob-store.ts';

/** One object being written. Nobody sees it before `commit`; exactly one of `commit`, `abort` and `leave` ends it. */
export interface ObjectWriter {
  stream: Writable;
  /**
   * Where the bytes are until `commit`, for whoever reads them before, or writes them there instead of to the stream;
   * null where the driver has no files.
   */
  temporaryPath: string | null;
  /** Ends the stream where its writer has not, makes the bytes durable, and publishes them in one step. */
  commit(): Promise<void>;
  /** Removes what was written. Safe after a failed `commit`, and more than once. */
  abort(): Promise<void>;
  /**
   * Ends it without a result, but keeps what was written for the next writer with the same identity; without one,
   * nothing is kept. Safe more than once, and after `commit`.
   */
  leave(): Promise<void>;
}

export interface CreateOptions {
  /**
   * Stands for the bytes that are about to be written, as 1 to 64 letters, digits, `_` and `-`. What a crashed writer of the same
   * bytes left may then be at `temporaryPath`, some of it or all; whoever goes on with it verifies it first.
   */
  identity?: string;
}

export interface StoredObject {
  key: string;
  modifiedAt: Date;
}

/**
 * Published files under keys such as `bundles/<uuid>/<epoch>/1.zip`: relative, `/` between segments, each segment of
 * letters, digits, `.`, `_` and `-`. Anything else is refused with `input.invalid`.
 *
 * Every call may fail with `storage.unavailable`; one that writes also with `storage.full`. Both are retryable.
 */
export interface ObjectStore {
  /** An existing object of that key stays until `commit` replaces it. */
  create(key: string, options?: CreateOptions): Promise<ObjectWriter>;
  /** Null where there is no such object: not where the whole storage is away. */
  stat(key: string): Promise<{ size: number; modifiedAt: Date } | null>;
  /** Rejects with `resource.not_found` where there is no such object. */
  read(key: string, range?: ByteRange): Promise<Readable>;
  /** Every object, in no order, while others may come and go. */
  list(): AsyncIterable<StoredObject>;
  /** The object's absolute path, whether or not it exists; null where the driver has no files. */
  path(key: string): string | null;
  /** Does nothing where there is no such object. */
  remove(key: string): Promise<void>;
  /** Removes every object whose key starts with `<folder>/`. */
  removeFolder(folder: string): Promise<void>;
  /** Removes what crashed writers, of blobs too, left behind before then. Returns how many were removed. */
  sweepTemporary(olderThan: Date): Promise<number>;
}
