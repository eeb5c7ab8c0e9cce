import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import type { ArchiveEntry, BlobEntry } from '@sheaf/archive/archive-entry';
import type { BlobSource } from '@sheaf/archive/blob-source';
import { combineCrc32 } from '@sheaf/archive/combine-crc32';
import { layoutArchive } from '@sheaf/archive/layout-archive';
import { readArchive } from '@sheaf/archive/read-archive';

const chunk = Buffer.alloc(256 * 1024);

/** Stored files of any size that take no space: a few bytes of text, then zeros. */
export class SparseContent {
  readonly #texts = new Map<string, Buffer>();

  readonly source: BlobSource = {
    open: async (blob, { start, end }) => {
      const text = this.#texts.get(blob.sha256)!;
      let position = start;
      return new Readable({
        highWaterMark: chunk.length,
        read() {
          const rest = end + 1 - position;
          const piece =
            position < text.length
              ? text.subarray(position, position + rest)
              : chunk.subarray(0, Math.min(rest, chunk.length));
          position += piece.length;
          this.push(piece.length === 0 ? null : piece);
        },
      });
    },
  };

  /** A file of so many bytes, beginning with its own path as far as there is room. */
  entry(path: string, size: number, modifiedAt = new Date('2026-03-04T05:06:08Z')): BlobEntry {
    const text = Buffer.from(path).subarray(0, size);
    const sha256 = createHash('sha256').update(`${size} ${path}`).digest('hex');
    this.#texts.set(sha256, text);
    const zeros = size - text.length;
    return { path, modifiedAt, blob: { sha256, size, crc32: combineCrc32(crc32(text), crcOfZeros(zeros), zeros) } };
  }

  /** Writes the archive of the entries as the engine streams it, leaving holes where it has only zeros. */
  async write(file: string, entries: ArchiveEntry[]): Promise<void> {
    const layout = layoutArchive(entries);
    const handle = await open(file, 'w');
    try {
      await handle.truncate(layout.size);
      let position = 0;
      for await (const piece of readArchive(layout, this.source, { start: 0, end: layout.size - 1 })) {
        if (!chunk.subarray(0, piece.length).equals(piece)) await handle.write(piece, 0, piece.length, position);
        position += piece.length;
      }
    } finally {
      await handle.close();
    }
  }
}

function crcOfZeros(size: number): number {
  let result = 0;
  let zeros = crc32(Buffer.alloc(1));
  for (let length = 1, rest = size; rest > 0; length *= 2, rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = combineCrc32(result, zeros, length);
    zeros = combineCrc32(zeros, zeros, length);
  }
  return result;
}
