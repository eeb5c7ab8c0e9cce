import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { ArchiveFormat } from '@sheaf/archive/archiver-stream';
import type { ReadFile } from './read-file.ts';
import { readTar, unpackGzip } from './read-tar.ts';
import { readZip } from './read-zip.ts';

/** An archive on disk, of which nothing but one file's content is held at a time. */
export interface OpenedArchive {
  /** Where it lies. */
  file: string;
  format: ArchiveFormat;
  /** Its files from the first one; rejects where it is damaged. May be asked for more than once. */
  files(): AsyncIterable<ReadFile>;
  /** What the layout determines: the file's bytes, or those of the tar within. */
  bytes(): Readable;
}

/** Null where the file is neither a ZIP, nor a tar, nor a gzip. Rejects where it cannot be read. */
export async function openArchive(file: string): Promise<OpenedArchive | null> {
  const format = formatOf(await readStart(file));
  if (format === null) return null;
  const raw = () => createReadStream(file, { highWaterMark: 256 * 1024 });
  if (format === 'zip') return { file, format, files: () => readZip(file), bytes: raw };
  const bytes = format === 'tar' ? raw : () => unpackGzip(file);
  return { file, format, files: () => readTar(bytes()), bytes };
}

async function readStart(file: string): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function formatOf(start: Buffer): ArchiveFormat | null {
  if (start.subarray(0, 2).equals(Buffer.from('PK'))) return 'zip';
  if (start.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b]))) return 'tar.gz';
  return start.subarray(257, 262).equals(Buffer.from('ustar')) ? 'tar' : null;
}
