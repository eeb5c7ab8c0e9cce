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
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () => this.destroy(this.#signal?.reason);
  #started = false;
  #wanted = false;
  #wake = () => {};
  #gathered: Buffer[] = [];
  #gatheredSize = 0;

  constructor(content: ReadAhead, signal: AbortSignal | undefined) {
    super({ highWaterMark: 2 * gatheredBytes });
    this.#content = content;
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (signal?.aborted) this.#onAbort();
  }

  /** Takes a chunk back: whoever has handed it on completely may do so, and must not look at it again. */
  recycle(chunk: Buffer): void {
    this.#content.recycle(chunk);
  }

  override _read(): void {
    this.#wanted = true;
    this.#wake();
    if (this.#started) return;
    this.#started = true;
    this.#pump().catch((error: Error) => this.destroy(error));
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#wake();
    this.#content.close().then(
      () => callback(error),
      (closing: Error) => callback(error ?? closing),
    );
  }

  async #pump(): Promise<void> {
    for await (const piece of this.#content.pieces()) {
      if (this.destroyed) return;
      if (piece.length >= gatheredBytes) await this.#flush();
      this.#gathered.push(piece);
      this.#gatheredSize += piece.length;
      if (this.#gatheredSize >= gatheredBytes) await this.#flush();
    }
    await this.#flush();
    this.push(null);
  }

  /** Gives out what is gathered and waits until more is wanted. */
  async #flush(): Promise<void> {
    if (this.#gatheredSize === 0 || this.destroyed) return;
    const bytes = this.#gathered.length === 1 ? this.#gathered[0]! : Buffer.concat(this.#gathered, this.#gatheredSize);
    this.#gathered = [];
    this.#gatheredSize = 0;
    this.#wanted = false;
    if (this.push(bytes)) return;
    while (!this.#wanted && !this.destroyed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
