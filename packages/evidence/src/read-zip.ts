import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import type { ReadFile } from './read-file.ts';

const stored = 0;

/** The files of a ZIP in the order of its directory. */
export async function* readZip(file: string): AsyncGenerator<ReadFile> {
  const zip = await openPromise(file, { lazyEntries: true, autoClose: false, strictFileNames: true });
  try {
    for await (const entry of zip.eachEntry()) {
      const content = await openContent(zip, entry, file);
      // Without a listener, an error while nobody reads would end the process.
      content.on('error', () => {});
      const { fileName: path, relativeOffsetOfLocalHeader: headerOffset, crc32, compressedSize } = entry;
      yield { path, headerOffset, crc32, compressedSize, statedSize: entry.uncompressedSize, content };
    }
  } finally {
    zip.close();
  }
}

/** What is stored is read from the file itself, in larger steps than through the library. */
async function openContent(zip: ZipFile, entry: Entry, file: string): Promise<Readable> {
  if (entry.compressionMethod !== stored || entry.isEncrypted()) return zip.openReadStreamPromise(entry);
  if (entry.compressedSize === 0) return Readable.from([], { objectMode: false });
  const { fileDataStart: start } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  return createReadStream(file, { start, end: start + entry.compressedSize - 1, highWaterMark: 256 * 1024 });
}
