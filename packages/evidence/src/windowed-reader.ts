import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { RandomAccessReader } from 'yauzl';
import { FileWindow } from './file-window.ts';

/** The most that is read at once through a window. */
export const windowBytes = 128 * 1024;

/**
 * What yauzl reads a ZIP through. By itself it asks the file for each header of a few dozen bytes: of 25,000 small files,
 * reading those takes far longer than hashing the content.
 */
export class WindowedReader extends RandomAccessReader {
  readonly #file: string;
  readonly #handle: FileHandle;
  /** One for the directory, and one for what it tells of. */
  readonly #windows: [FileWindow, FileWindow];

  /** Closes the handle with itself. */
  constructor(file: string, handle: FileHandle) {
    super();
    this.#file = file;
    this.#handle = handle;
    this.#windows = [new FileWindow(handle, windowBytes), new FileWindow(handle, windowBytes)];
  }

  /** At most `windowBytes`; fewer, or none, at the file's end. They are others after the next read. */
  readAt(start: number, length: number): Promise<Buffer> {
    const [first, second] = this.#windows;
    const holder = this.#windows.find((window) => window.holds(start, length));
    return (holder ?? (first.distanceTo(start) <= second.distanceTo(start) ? first : second)).read(start, length);
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    this.#copy(buffer.subarray(offset, offset + length), position).then(
      (bytesRead) => callback(null, bytesRead),
      callback,
    );
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return createReadStream(this.#file, { start, end: end - 1, highWaterMark: 256 * 1024 });
  }

  override close(callback: (error: Error | null) => void): void {
    this.#handle.close().then(() => callback(null), callback);
  }

  async #copy(target: Buffer, position: number): Promise<number> {
    let done = 0;
    while (done < target.length) {
      const bytes = await this.readAt(position + done, Math.min(windowBytes, target.length - done));
      if (bytes.length === 0) break;
      done += bytes.copy(target, done);
    }
    return done;
  }
}
