import { Readable } from 'node:stream';
import { AppError } from '@sheaf/domain/app-error';
import type { Segmented } from './archive-layout.ts';
import type { BlobSource, ByteRange } from './blob-source.ts';
import { ReadAhead } from './read-ahead.ts';

/** Smaller pieces are gathered to this size: every piece is a system call of its own on its way to a socket. */
const gatheredBytes = 64 * 1024;

export interface ReadArchiveOptions {
  signal?: AbortSignal;
  /** Whether to hold every stored file that lies in the range as a whole against its CRC-32. */
  verify?: boolean;
}

/**
 * A range of an archive's bytes as a stream, which opens nothing before it is read. It never pads and never ends early:
 * it is destroyed with `blob.corrupt` where a stored file has another length (or, verifying, other bytes) than recorded,
 * before the last of its bytes is given out, with the source's own error where that fails, and with the signal's reason.
 * Its `close` says that it holds nothing open any more. Throws `input.invalid` for a range that the archive has not.
 */
export function readArchive(
  archive: Segmented,
  source: BlobSource,
  range: ByteRange,
  { signal, verify = false }: ReadArchiveOptions = {},
): Readable {
  const { start, end } = range;
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || start > end || end >= archive.size) {
    throw new AppError('input.invalid', 'The archive does not have this range.', { detail: { start, end } });
  }
  return new ArchiveStream(new ReadAhead(archive, source, range, verify), signal);
}

class ArchiveStream extends Readable {
  readonly #content: ReadAhead;
  readonly #pieces: AsyncGenerator<Buffer>;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () => this.destroy(this.#signal?.reason);
  /** A large piece, which is given out by itself, after what was gathered before it. */
  #next: Buffer | undefined;

  constructor(content: ReadAhead, signal: AbortSignal | undefined) {
    super({ highWaterMark: gatheredBytes });
    this.#content = content;
    this.#pieces = content.pieces();
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (signal?.aborted) this.#onAbort();
  }

  /** Takes a chunk back: whoever has handed it on completely may do so, and must not look at it again. */
  recycle(chunk: Buffer): void {
    this.#content.recycle(chunk);
  }

  override _read(): void {
    this.#gather().then(
      (bytes) => this.push(bytes),
      (error: Error) => this.destroy(error),
    );
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#content.close().then(
      () => callback(error),
      (closing: Error) => callback(error ?? closing),
    );
  }

  /**
   * Null after the end. The first piece is asked for before this first awaits anything, and so is being read while the
   * reader writes what it has just taken.
   */
  async #gather(): Promise<Buffer | null> {
    const gathered: Buffer[] = [];
    let size = 0;
    while (size < gatheredBytes) {
      const piece = this.#next ?? (await this.#pieces.next()).value;
      this.#next = undefined;
      if (piece === undefined) break;
      if (size > 0 && piece.length >= gatheredBytes) {
        this.#next = piece;
        break;
      }
      gathered.push(piece);
      size += piece.length;
    }
    if (gathered.length <= 1) return gathered[0] ?? null;
    return Buffer.concat(gathered, size);
  }
}
