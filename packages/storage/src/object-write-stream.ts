import { Writable } from 'node:stream';
import { storageError } from './storage-error.ts';
import type { TemporaryFile } from './temporary-file.ts';

type Done = (error?: Error | null) => void;

/** Enough that a writer who hashes meanwhile never waits for a fast disk. */
const bufferedBytes = 1024 * 1024;

/** Streams into a temporary file. The file stays open at the end: publishing it is its owner's business. */
export class ObjectWriteStream extends Writable {
  readonly #file: TemporaryFile;
  #writing: Promise<void> = Promise.resolve();

  constructor(file: TemporaryFile) {
    super({ highWaterMark: bufferedBytes });
    this.#file = file;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.#writeAll([chunk], done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: Done): void {
    this.#writeAll(
      chunks.map(({ chunk }) => chunk),
      done,
    );
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#writing.then(
      () => done(error),
      () => done(error),
    );
  }

  #writeAll(chunks: Buffer[], done: Done): void {
    this.#writing = this.#file.write(chunks);
    this.#writing.then(
      () => done(),
      (failure: unknown) => done(storageError(failure)),
    );
  }
}
