import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import { isCompressible } from '@sheaf/archive/compressible';
import { bufferedEntryBytes } from '@sheaf/archive/write-with-archiver';
import type { ExpectedFile, ExpectedFiles } from './compare-files.ts';
import type { Fault } from './fault.ts';
import type { FoundFile, Stock } from './take-stock.ts';
import { dataDescriptor, directoryEnd, directoryEntry, localHeader, type ZipRecord } from './zip-records.ts';

/**
 * Compares a ZIP with deflated files with what Sheaf writes for what is signed: every byte from the first to the last
 * but the compressed content, of which nothing may be left once it is inflated. What comes out of it has been checked
 * before. Null where all of it is the same.
 */
export async function compareDeflatedLayout(
  file: string,
  { content, closing }: ExpectedFiles,
  stock: Stock,
): Promise<Fault | null> {
  const handle = await open(file, 'r');
  try {
    const wrong = await findDifference({ file, handle }, [...content, ...closing], stock);
    return wrong === null ? null : { code: 'layout.changed', path: null, message: wrong };
  } finally {
    await handle.close();
  }
}

interface OpenFile {
  file: string;
  handle: FileHandle;
}

/** What differs first, as a sentence. */
async function findDifference(zip: OpenFile, expected: readonly ExpectedFile[], stock: Stock): Promise<string | null> {
  const found = new Map(stock.files.map((file) => [file.path, file]));
  const records: ZipRecord[] = [];
  let offset = 0;

  /** Whether these bytes come next. */
  async function matches(bytes: Buffer): Promise<boolean> {
    const { buffer, bytesRead } = await zip.handle.read(Buffer.alloc(bytes.length), 0, bytes.length, offset);
    offset += bytes.length;
    return bytesRead === bytes.length && buffer.equals(bytes);
  }

  for (const entry of expected) {
    const record = recordOf(entry, found.get(entry.path)!, stock, offset);
    const start = offset;
    if (!(await matches(localHeader(record)))) return differs(`The header at byte ${start}`, entry.path);
    const payload = offset;
    offset += record.compressedSize;
    if (record.deflated && !(await inflatesExactly(zip.file, payload, record.compressedSize)))
      return `In the archive, something follows the compressed content of ${entry.path}.`;
    if (!(await matches(dataDescriptor(record)))) return differs('What follows the content', entry.path);
    records.push(record);
  }
  const directory = offset;
  for (const record of records) {
    if (!(await matches(directoryEntry(record)))) return differs('The entry in the directory', record.path);
  }
  const end = directoryEnd({ entries: records.length, offset: directory, size: offset - directory });
  if (!(await matches(end))) return differs('The end of the directory');
  const { size } = await zip.handle.stat();
  return size === offset ? null : `Something follows the end of the archive, from byte ${offset} on.`;
}

function differs(what: string, path?: string): string {
  return `${what}${path === undefined ? '' : ` of ${path}`} is not what Sheaf writes for these files.`;
}

/** Of an entry that was packed with the option `deflate`. */
function recordOf({ path, modifiedAt }: ExpectedFile, found: FoundFile, stock: Stock, offset: number): ZipRecord {
  const { size, crc32, compressedSize } = found;
  const compressible = isCompressible(path);
  const streamed = !stock.own.has(path) && size > bufferedEntryBytes;
  const deflated = compressible && size > 0;
  const described = compressible || streamed;
  const stored = deflated ? (compressedSize ?? size) : size;
  return { path, modifiedAt, size, crc32, compressedSize: stored, deflated, described, offset };
}

/** Whether what is compressed there ends with its last byte. */
async function inflatesExactly(file: string, start: number, length: number): Promise<boolean> {
  if (length === 0) return false;
  const inflater = createInflateRaw();
  const compressed = createReadStream(file, { start, end: start + length - 1, highWaterMark: 256 * 1024 });
  compressed.on('error', (error) => inflater.destroy(error));
  try {
    await finished(compressed.pipe(inflater).resume());
    return inflater.bytesWritten === length;
  } catch {
    return false;
  } finally {
    compressed.destroy();
  }
}
