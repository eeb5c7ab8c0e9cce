import { close, fstat, open, read } from 'node:fs';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { AppError } from '@sheaf/domain/app-error';
import type { ByteRange } from './blob-store.ts';
import type { RecyclesChunks } from './recycle-chunk.ts';
import { storageError } from './storage-error.ts';

const openFile = promisify(open);
const statFile = promisify(fstat);
const closeFile = promisify(close);

/**
 * `fs.createReadStream` reads 64 KiB at a time, and once more after the end. Two of these are all that a reader who does
 * not keep up costs; 256 KiB cost a quarter more processor time, 1 MiB saved nothing more.
 */
const chunkBytes = 384 * 1024;

class FileRangeStream extends Readable implements RecyclesChunks {
  readonly #fd: number;
  readonly #detail: Record<string, unknown>;
  #position: number;
  readonly #end: number;
  #reading = false;
  #whenIdle: (() => void) | null = null;
  #spare: Buffer | null = null;

  /** Owns `fd` from now on. Reads from `position` up to, but not including, `end`. */
  constructor(fd: number, position: number, end: number, detail: Record<string, unknown>) {
    super({ highWaterMark: chunkBytes });
    this.#fd = fd;
    this.#position = position;
    this.#end = end;
    this.#detail = detail;
  }

  override _read(): void {
    const wanted = Math.min(chunkBytes, this.#end - this.#position);
    if (wanted === 0) {
      this.push(null);
      return;
    }
    this.#reading = true;
    read(this.#fd, this.#takeBuffer(wanted), 0, wanted, this.#position, (error, bytesRead, buffer) => {
      this.#reading = false;
      if (this.#whenIdle !== null) {
        this.#whenIdle();
      } else if (error !== null) {
        this.destroy(storageError(error, this.#detail));
      } else if (bytesRead === 0) {
        this.destroy(new AppError('storage.unavailable', 'A stored file ended early.', { retryable: true }));
      } else {
        this.#position += bytesRead;
        this.push(bytesRead === buffer.length ? buffer : buffer.subarray(0, bytesRead));
        if (this.#position === this.#end) this.push(null);
      }
    });
  }

  recycle(chunk: Buffer): void {
    if (chunk.buffer.byteLength === chunkBytes) this.#spare = Buffer.from(chunk.buffer);
  }

  #takeBuffer(wanted: number): Buffer {
    const spare = this.#spare;
    this.#spare = null;
    return spare ?? Buffer.allocUnsafeSlow(wanted);
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    const closeAndReport = () => close(this.#fd, (closeError) => callback(error ?? closeError ?? null));
    // A descriptor closed under a pending read may already be another file's when that read runs.
    if (this.#reading) this.#whenIdle = closeAndReport;
    else closeAndReport();
  }
}

/** The range as start and exclusive end within a file of that size. Throws `input.invalid` for one outside it. */
function boundsOf(range: ByteRange | undefined, size: number): { start: number; end: number } {
  if (range === undefined) return { start: 0, end: size };
  const { start, end } = range;
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || start > end || start >= size) {
    throw new AppError('input.invalid', 'The byte range lies outside the file.', { detail: { start, end, size } });
  }
  return { start, end: Math.min(end + 1, size) };
}

/**
 * Opens a file and streams it, or a range of it. Rejects with the system's error where it cannot be opened; errors of
 * reading have the detail.
 */
export async function openFileRange(
  path: string,
  range?: ByteRange,
  detail: Record<string, unknown> = {},
): Promise<Readable> {
  const fd = await openFile(path, 'r');
  try {
    const stats = await statFile(fd);
    // Opening a folder succeeds; only reading from it would fail, in words that depend on the system.
    if (!stats.isFile()) throw Object.assign(new Error('That is no file.'), { code: 'EISDIR' });
    const { start, end } = boundsOf(range, stats.size);
    return new FileRangeStream(fd, start, end, detail);
  } catch (error) {
    await closeFile(fd);
    throw error;
  }
}
