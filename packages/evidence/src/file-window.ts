import type { FileHandle } from 'node:fs/promises';

/** A stretch of a file that is held in memory and moves to where it is read next: many small reads become few. */
export class FileWindow {
  readonly #handle: FileHandle;
  readonly #buffer: Buffer;
  #start = 0;
  #filled = 0;

  /** `bytes`: its length, and the most that can be read at once. */
  constructor(handle: FileHandle, bytes: number) {
    this.#handle = handle;
    this.#buffer = Buffer.allocUnsafeSlow(bytes);
  }

  /** How far it would have to move for what is at `start`. */
  distanceTo(start: number): number {
    return Math.abs(start - this.#start);
  }

  holds(start: number, length: number): boolean {
    return start >= this.#start && start + length <= this.#start + this.#filled;
  }

  /** Fewer bytes, or none, at the file's end. They are others after the next read. */
  async read(start: number, length: number): Promise<Buffer> {
    if (!this.holds(start, length)) {
      const { bytesRead } = await this.#handle.read(this.#buffer, 0, this.#buffer.length, start);
      this.#start = start;
      this.#filled = bytesRead;
    }
    return this.#buffer.subarray(start - this.#start, Math.min(start - this.#start + length, this.#filled));
  }
}
