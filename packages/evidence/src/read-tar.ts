import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { PassThrough, pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import type { ReadFile } from './read-file.ts';

interface TarHeader {
  name: string;
  type: string;
  size: number;
  /** Of the content. */
  byteOffset: number;
}

const blockBytes = 512;

/** The files of a tar in their order. Whatever in it is no file is an error: Sheaf writes nothing else. */
export async function* readTar(bytes: Readable): AsyncGenerator<ReadFile> {
  const entries = extract();
  // Its error comes out of the iteration, too.
  pipeline(bytes, entries, () => {});
  let headerOffset = 0;
  try {
    for await (const entry of entries) {
      const { name, type, size, byteOffset } = entry.header as unknown as TarHeader;
      if (type !== 'file') throw new Error(`${name} is not a file but a ${type}`);
      const content = Readable.from(entry, { objectMode: false });
      content.on('error', () => {});
      const untold = { crc32: null, compressedSize: null, contentOffset: null };
      yield { path: name, headerOffset, ...untold, statedSize: size, content };
      headerOffset = Math.ceil((byteOffset + size) / blockBytes) * blockBytes;
    }
  } finally {
    bytes.destroy();
  }
}

/** What is in a gzip file; fails where more follows it. */
export function unpackGzip(file: string): Readable {
  const gunzip = createGunzip();
  const unpacked = new PassThrough({
    async flush(done) {
      const { size } = await stat(file);
      done(gunzip.bytesWritten === size ? null : new Error('something follows the compressed data'));
    },
  });
  pipeline(createReadStream(file, { highWaterMark: 256 * 1024 }), gunzip, unpacked, () => {});
  return unpacked;
}
