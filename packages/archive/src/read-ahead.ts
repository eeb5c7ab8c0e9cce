import { crc32 } from '@node-rs/crc32';
import type { BlobSegment, Segment, Segmented } from './archive-layout.ts';
import { type BlobReader, chunkBytes, openBlob } from './blob-reader.ts';
import type { BlobSource, ByteRange } from './blob-source.ts';
import { wrongCrc, wrongLength } from './corrupt-blob.ts';

/** Up to this size a stored file is read before its turn: opening it takes longer than reading it. */
const smallBlob = 128 * 1024;
/** What may wait for its turn, in bytes and in segments. */
const aheadBytes = 512 * 1024;
const aheadSegments = 16;

/** What of a segment lies in the range: bytes of the segment, both included. */
interface Upcoming {
  segment: Segment;
  part: ByteRange;
  /** Where it is being read before its turn. */
  content?: Promise<Buffer>;
}

/**
 * The pieces of a range of an archive: large stored files one at a time, and the small ones that follow a little before
 * their turn.
 */
export class ReadAhead {
  readonly #source: BlobSource;
  readonly #range: ByteRange;
  readonly #verify: boolean;
  readonly #segments: Iterator<Segment> | AsyncIterator<Segment>;
  readonly #upcoming: Upcoming[] = [];
  readonly #open = new Set<BlobReader>();
  /** Memory that may be read into again, and what of it is in others' hands. */
  readonly #spare: Buffer[] = [];
  readonly #lent = new WeakSet<ArrayBufferLike>();
  #ahead = 0;
  #exhausted = false;
  #closed = false;

  constructor(archive: Segmented, source: BlobSource, range: ByteRange, verify: boolean) {
    this.#source = source;
    this.#range = range;
    this.#verify = verify;
    const segments = archive.segments(range.start);
    this.#segments = Symbol.asyncIterator in segments ? segments[Symbol.asyncIterator]() : segments[Symbol.iterator]();
  }

  async *pieces(): AsyncGenerator<Buffer> {
    while (!this.#closed) {
      await this.#fill();
      const next = this.#upcoming.shift();
      if (next === undefined) return;
      const { segment, part, content } = next;
      if ('bytes' in segment) {
        yield Buffer.from(segment.bytes.buffer, segment.bytes.byteOffset + part.start, part.end + 1 - part.start);
      } else if (content === undefined) {
        yield* this.#chunks(segment, part);
      } else {
        const bytes = await content;
        this.#ahead -= bytes.length;
        yield bytes;
      }
    }
  }

  /** Takes a piece back that nobody looks at any more. New memory costs about as much as to send what it holds. */
  recycle(piece: Buffer): void {
    if (this.#lent.delete(piece.buffer)) this.#spare.push(Buffer.from(piece.buffer));
  }

  #take(length: number): Buffer {
    // What is small may wait for its turn for long.
    const spare = length > smallBlob ? this.#spare.pop() : undefined;
    const memory = spare ?? Buffer.allocUnsafeSlow(length);
    if (memory.length === chunkBytes) this.#lent.add(memory.buffer);
    return memory;
  }

  /** Ends what is being read; resolves when nothing is open any more. */
  async close(): Promise<void> {
    this.#closed = true;
    // A generator that is stuck answers only when it is no longer stuck, so nobody waits for it.
    Promise.resolve(this.#segments.return?.()).catch(() => {});
    await Promise.all([...this.#open].map((reader) => reader.close()));
  }

  async #fill(): Promise<void> {
    while (!this.#exhausted && !this.#closed && this.#hasRoom()) {
      const { value: segment, done } = await this.#segments.next();
      if (done || segment.start > this.#range.end) {
        this.#exhausted = true;
        return;
      }
      const part = {
        start: Math.max(this.#range.start - segment.start, 0),
        end: Math.min(this.#range.end - segment.start, segment.size - 1),
      };
      const upcoming: Upcoming = { segment, part };
      const size = part.end + 1 - part.start;
      if ('blob' in segment && size <= smallBlob) {
        this.#ahead += size;
        upcoming.content = this.#readWhole(segment, part);
        // Whoever awaits it sees the failure; until then, and where nobody asks any more, it is not unhandled.
        upcoming.content.catch(() => {});
      }
      this.#upcoming.push(upcoming);
    }
  }

  #hasRoom(): boolean {
    const last = this.#upcoming.at(-1);
    if (last !== undefined && 'blob' in last.segment && last.content === undefined) return false;
    return this.#ahead < aheadBytes && this.#upcoming.length < aheadSegments;
  }

  async #readWhole(segment: BlobSegment, part: ByteRange): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.#chunks(segment, part)) chunks.push(chunk);
    return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  }

  /** Exactly the bytes asked for; the last chunk is given out when all is known to be right. */
  async *#chunks(segment: BlobSegment, part: ByteRange): AsyncGenerator<Buffer> {
    const expected = part.end + 1 - part.start;
    const verify = this.#verify && expected === segment.blob.size;
    const reader = await openBlob(this.#source, segment, part, (length) => this.#take(length));
    this.#open.add(reader);
    try {
      let crc = 0;
      let received = 0;
      let held: Buffer | undefined;
      while (!this.#closed) {
        const chunk = await reader.read();
        if (chunk === null) break;
        if (chunk.length === 0) continue;
        received += chunk.length;
        if (received > expected) throw wrongLength(segment, part.start + received);
        if (verify) crc = crc32(chunk, crc);
        if (received === expected) held = chunk;
        else yield chunk;
      }
      if (received !== expected) throw wrongLength(segment, part.start + received);
      if (verify && crc !== segment.blob.crc32) throw wrongCrc(segment, crc);
      if (held !== undefined) yield held;
    } finally {
      await reader.close();
      this.#open.delete(reader);
    }
  }
}
