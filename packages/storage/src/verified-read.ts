import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { AppError } from '@sheaf/domain/app-error';
import type { BlobStore, StoredBlob } from './blob-store.ts';

/** Passes a source on and holds it against what was recorded. One stream, where a Transform in a pipeline would be two. */
class VerifiedStream extends Readable {
  readonly #source: Readable;
  #size = 0;
  #crc = 0;

  constructor(source: Readable, expected: StoredBlob) {
    super({ highWaterMark: source.readableHighWaterMark });
    this.#source = source;

    const fail = () =>
      this.destroy(
        new AppError('blob.corrupt', 'A stored file is damaged.', {
          detail: { sha256: expected.sha256, expectedSize: expected.size, size: this.#size },
        }),
      );

    source.on('data', (chunk: Buffer) => {
      this.#size += chunk.length;
      this.#crc = crc32(chunk, this.#crc);
      if (this.#size > expected.size) fail();
      else if (!this.push(chunk)) source.pause();
    });
    source.on('end', () => {
      if (this.#size !== expected.size || this.#crc !== expected.crc32) fail();
      else this.push(null);
    });
    source.on('error', (error) => this.destroy(error));
    source.on('close', () => {
      if (source.readableEnded || this.destroyed) return;
      this.destroy(new AppError('storage.unavailable', 'A stored file ended early.', { retryable: true }));
    });
    source.pause();
  }

  override _read(): void {
    this.#source.resume();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    if (this.#source.closed) {
      callback(error);
      return;
    }
    this.#source.once('close', () => callback(error));
    this.#source.destroy();
  }
}

/**
 * The blob's bytes. The stream fails with `blob.corrupt` where their length or CRC-32 is not what was recorded; that is
 * known only at the end, so nothing made of the bytes may be published before it. Rejects with `blob.missing`.
 */
export async function readVerified(store: Pick<BlobStore, 'read'>, blob: StoredBlob): Promise<Readable> {
  return new VerifiedStream(await store.read(blob.sha256), blob);
}
