import type { Readable, Writable } from 'node:stream';
import type { ByteRange } from './blob-store.ts';

/** One object being written. Nobody sees it before `commit`; exactly one of `commit` and `abort` ends it. */
export interface ObjectWriter {
  stream: Writable;
  /** Where the bytes are until `commit`, for a reader that verifies them first; null where the driver has no files. */
  temporaryPath: string | null;
  /** Ends the stream where its writer has not, makes the bytes durable, and publishes them in one step. */
  commit(): Promise<void>;
  /** Removes what was written. Safe after a failed `commit`, and more than once. */
  abort(): Promise<void>;
}

/**
 * Published files under keys such as `bundles/<uuid>/<epoch>/1.zip`: relative, `/` between segments, each segment of
 * letters, digits, `.`, `_` and `-`. Anything else is refused with `input.invalid`.
 *
 * Every call may fail with `storage.unavailable`; one that writes also with `storage.full`. Both are retryable.
 */
export interface ObjectStore {
  /** An existing object of that key stays until `commit` replaces it. */
  create(key: string): Promise<ObjectWriter>;
  stat(key: string): Promise<{ size: number; modifiedAt: Date } | null>;
  /** Rejects with `resource.not_found` where there is no such object. */
  read(key: string, range?: ByteRange): Promise<Readable>;
  /** The object's absolute path, whether or not it exists; null where the driver has no files. */
  path(key: string): string | null;
  /** Does nothing where there is no such object. */
  remove(key: string): Promise<void>;
  /** Removes every object whose key starts with `<folder>/`. */
  removeFolder(folder: string): Promise<void>;
  /** Removes what crashed writers, of blobs too, left behind before then. Returns how many were removed. */
  sweepTemporary(olderThan: Date): Promise<number>;
}
