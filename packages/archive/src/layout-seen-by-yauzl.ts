import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import yauzl from 'yauzl';
import type { ArchiveLayout } from './archive-layout.ts';
import type { BlobSource, ByteRange } from './blob-source.ts';
import { readArchive } from './read-archive.ts';

/** Read at once, so that a directory of 70,000 entries is not 140,000 streams. */
const tailBytes = 16 * 1024 * 1024;

class LayoutReader extends yauzl.RandomAccessReader {
  readonly #open: (range: ByteRange) => Readable;
  readonly #tail: Buffer;
  readonly #tailStart: number;

  constructor(open: (range: ByteRange) => Readable, tail: Buffer, tailStart: number) {
    super();
    this.#open = open;
    this.#tail = tail;
    this.#tailStart = tailStart;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return this.#open({ start, end: end - 1 });
  }

  override read(
    target: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    const at = position - this.#tailStart;
    if (at < 0) {
      super.read(target, offset, length, position, callback);
    } else {
      this.#tail.copy(target, offset, at, at + length);
      queueMicrotask(() => callback(null));
    }
  }
}

/**
 * What yauzl, which is not ours, makes of a layout, nothing of which is written to a file. Rejects with its complaint.
 * `tail` is the archive's last bytes.
 */
export async function seenByYauzl(layout: ArchiveLayout, source: BlobSource) {
  const tailStart = Math.max(0, layout.size - tailBytes);
  const tail = await buffer(readArchive(layout, source, { start: tailStart, end: layout.size - 1 }));
  const reader = new LayoutReader((range) => readArchive(layout, source, range), tail, tailStart);
  const zip = await yauzl.fromRandomAccessReaderPromise(reader, layout.size, {
    strictFileNames: true,
    autoClose: false,
  });
  return { zip, tail, entries: await Array.fromAsync(zip.eachEntry()) };
}
