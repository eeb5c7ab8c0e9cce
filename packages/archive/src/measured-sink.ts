import { createHash } from 'node:crypto';
import { finished, Writable } from 'node:stream';

type Done = (error?: Error | null) => void;

const blockBytes = 64 * 1024;

/** No field of a header is longer than most names are. */
const fieldBytes = 512;

/**
 * Archivers write headers field by field, two bytes at a time, and a ZIP's central directory all at once: held back by a
 * slow sink, 20,000 entries wait as 440,000 buffers that take 230 MB. So fields are never held back but gathered into
 * blocks, which take 2 MB, and whoever feeds the archiver waits for `drained` between entries instead.
 *
 * Writes to the sink in blocks, and hashes each block while the sink is busy with it. Ends and destroys it with itself.
 */
export class MeasuredSink extends Writable {
  readonly #sink: Writable;
  readonly #hash = createHash('sha256');
  #block = Buffer.allocUnsafeSlow(blockBytes);
  #filled = 0;
  #size = 0;

  constructor(sink: Writable) {
    super({ highWaterMark: blockBytes });
    this.#sink = sink;
    finished(sink, { readable: false }, (error) => {
      if (error) this.destroy(error);
    });
  }

  /** Of everything written; to be asked once, after the end. */
  result(): { size: number; sha256: string } {
    return { size: this.#size, sha256: this.#hash.digest('hex') };
  }

  /** Resolves when the sink accepts more; never where it fails instead. */
  async drained(): Promise<void> {
    if (this.#sink.writableNeedDrain) await new Promise((resolve) => this.#sink.once('drain', resolve));
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    if (chunk.length <= blockBytes - this.#filled) {
      chunk.copy(this.#block, this.#filled);
      this.#filled += chunk.length;
      done();
      return;
    }
    this.#flush();
    if (chunk.length < blockBytes / 2) {
      chunk.copy(this.#block);
      this.#filled = chunk.length;
    } else {
      this.#pass(chunk);
    }
    if (chunk.length > fieldBytes && this.#sink.writableNeedDrain) this.#sink.once('drain', done);
    else done();
  }

  override _final(done: Done): void {
    this.#flush();
    finished(this.#sink, { readable: false }, done);
    this.#sink.end();
  }

  override _destroy(error: Error | null, done: Done): void {
    if (this.#sink.closed) {
      done(error);
      return;
    }
    this.#sink.once('close', () => done(error));
    this.#sink.destroy(error ?? undefined);
  }

  #flush(): void {
    if (this.#filled === 0) return;
    // The sink keeps the block until it is written, so it cannot be filled again.
    this.#pass(this.#block.subarray(0, this.#filled));
    this.#block = Buffer.allocUnsafeSlow(blockBytes);
    this.#filled = 0;
  }

  #pass(bytes: Buffer): void {
    this.#sink.write(bytes);
    this.#hash.update(bytes);
    this.#size += bytes.length;
  }
}
