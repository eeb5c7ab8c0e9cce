import { Writable } from 'node:stream';

/** The first byte that is not what it should be. */
export class Difference extends Error {
  /** From 0. */
  readonly offset: number;

  constructor(offset: number) {
    super(`The bytes differ at ${offset}.`);
    this.name = 'Difference';
    this.offset = offset;
  }
}

type Done = (error?: Error | null) => void;

/** Takes bytes and fails with `Difference` unless they are exactly those of the reference, which it reads alongside. */
export class SameBytes extends Writable {
  readonly #reference: AsyncIterator<Buffer>;
  #ahead: Buffer = Buffer.alloc(0);
  #offset = 0;

  constructor(reference: AsyncIterable<Buffer>) {
    super();
    this.#reference = reference[Symbol.asyncIterator]();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.#compare(chunk).then(() => done(), done);
  }

  override _final(done: Done): void {
    this.#more().then((more) => done(more ? new Difference(this.#offset) : null), done);
  }

  override _destroy(error: Error | null, done: Done): void {
    Promise.resolve(this.#reference.return?.()).then(
      () => done(error),
      () => done(error),
    );
  }

  async #compare(chunk: Buffer): Promise<void> {
    let rest = chunk;
    while (rest.length > 0) {
      if (!(await this.#more())) throw new Difference(this.#offset);
      const length = Math.min(rest.length, this.#ahead.length);
      const [mine, theirs] = [rest.subarray(0, length), this.#ahead.subarray(0, length)];
      if (!mine.equals(theirs)) throw new Difference(this.#offset + mine.findIndex((byte, at) => byte !== theirs[at]));
      rest = rest.subarray(length);
      this.#ahead = this.#ahead.subarray(length);
      this.#offset += length;
    }
  }

  /** Whether the reference has another byte. */
  async #more(): Promise<boolean> {
    while (this.#ahead.length === 0) {
      const next = await this.#reference.next();
      if (next.done) return false;
      this.#ahead = next.value;
    }
    return true;
  }
}
