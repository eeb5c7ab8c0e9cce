import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { AppError } from '@sheaf/domain/app-error';
import fc from 'fast-check';
import type { BlobEntry } from './archive-entry.ts';
import type { Segmented } from './archive-layout.ts';
import type { BlobSource, ByteRange } from './blob-source.ts';
import { readArchive } from './read-archive.ts';

/** An entry of which no byte is read. */
export function unreadEntry(path: string, size = 0, modifiedAt = new Date(0)): BlobEntry {
  return { path, modifiedAt, blob: { sha256: '0'.repeat(64), size, crc32: 0 } };
}

/** Stored files in memory, and what of them was opened. */
export function setupBlobs() {
  const contents = new Map<string, Uint8Array>();
  const opened: Readable[] = [];

  function add(path: string, content: Uint8Array, modifiedAt = new Date('2026-03-04T05:06:08Z')): BlobEntry {
    const sha256 = createHash('sha256').update(content).digest('hex');
    contents.set(sha256, content);
    return { path, modifiedAt, blob: { sha256, size: content.length, crc32: crc32(content) } };
  }

  const source: BlobSource = {
    async open({ sha256 }, { start, end }) {
      const content = contents.get(sha256);
      if (content === undefined) throw new AppError('blob.missing', 'gone', { detail: { sha256 } });
      const stream = Readable.from(chunksOf(content.subarray(start, end + 1)), { objectMode: false });
      opened.push(stream);
      return stream;
    },
  };
  return { add, contents, opened, source };
}

function* chunksOf(content: Uint8Array, chunkSize = 40_000) {
  for (let at = 0; at < content.length; at += chunkSize) yield Buffer.from(content.subarray(at, at + chunkSize));
}

/** A range of an archive, by default all of it, in one buffer. */
export function readWhole(archive: Segmented, source: BlobSource, range: Partial<ByteRange> = {}): Promise<Buffer> {
  return buffer(readArchive(archive, source, { start: 0, end: archive.size - 1, ...range }, { verify: true }));
}

/** Safe paths that can all be unpacked, with a little content each, some of it empty, in any order. */
export const anyFiles = fc
  .uniqueArray(
    fc.record({
      path: fc
        .array(fc.constantFrom('a', 'b.jpg', 'ö', 'o\u0308', '日本', 'صورة', '🌾', '\uf8ff', '-'), {
          minLength: 1,
          maxLength: 4,
        })
        .map((segments) => segments.join('/')),
      content: fc.uint8Array({ maxLength: 300 }),
      modifiedAt: fc.date({ noInvalidDate: true, min: new Date('1890-01-01'), max: new Date('2200-01-01') }),
    }),
    { selector: ({ path }) => path, minLength: 1, maxLength: 40 },
  )
  .map((files) => files.filter(({ path }) => !files.some((other) => other.path.startsWith(`${path}/`))));
