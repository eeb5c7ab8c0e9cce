import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { type Entry, fromRandomAccessReaderPromise, type ZipFile } from 'yauzl';
import type { ReadFile } from './read-file.ts';
import { WindowedReader, windowBytes } from './windowed-reader.ts';

const stored = 0;

/** The files of a ZIP in the order of its directory. */
export async function* readZip(file: string): AsyncGenerator<ReadFile> {
  const handle = await open(file, 'r');
  const reader = new WindowedReader(file, handle);
  const zip = await openZip(reader, (await handle.stat()).size).catch(async (error: unknown) => {
    await handle.close();
    throw error;
  });
  try {
    for await (const entry of zip.eachEntry()) {
      const { content, contentOffset } = await openContent({ zip, reader, file }, entry);
      // Without a listener, an error while nobody reads would end the process.
      content.on('error', () => {});
      const { fileName: path, relativeOffsetOfLocalHeader: headerOffset, crc32, compressedSize } = entry;
      const statedSize = entry.uncompressedSize;
      yield { path, headerOffset, contentOffset, crc32, compressedSize, statedSize, content };
    }
  } finally {
    zip.close();
  }
}

function openZip(reader: WindowedReader, size: number): Promise<ZipFile> {
  return fromRandomAccessReaderPromise(reader, size, { lazyEntries: true, autoClose: false, strictFileNames: true });
}

interface OpenZip {
  zip: ZipFile;
  reader: WindowedReader;
  file: string;
}

/** What is stored is read from the file itself, in larger steps than through the library. */
async function openContent(
  { zip, reader, file }: OpenZip,
  entry: Entry,
): Promise<Pick<ReadFile, 'content' | 'contentOffset'>> {
  const size = entry.compressedSize;
  if (entry.compressionMethod !== stored || entry.isEncrypted())
    return { content: await zip.openReadStreamPromise(entry), contentOffset: null };
  if (size === 0) return { content: contentOf(Buffer.alloc(0)), contentOffset: null };
  const { fileDataStart: contentOffset } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  if (size <= windowBytes)
    return { content: contentOf(Buffer.from(await reader.readAt(contentOffset, size))), contentOffset };
  const content = createReadStream(file, {
    start: contentOffset,
    end: contentOffset + size - 1,
    highWaterMark: 256 * 1024,
  });
  return { content, contentOffset };
}

function contentOf(bytes: Buffer): Readable {
  return Readable.from(bytes.length === 0 ? [] : [bytes], { objectMode: false });
}
