import { createWriteStream } from 'node:fs';
import { open, truncate } from 'node:fs/promises';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Segmented } from './archive-layout.ts';
import type { BlobSource } from './blob-source.ts';
import { readArchive } from './read-archive.ts';
import { writeArchiveWithThreads } from './write-archive-with-threads.ts';

/** Milliseconds between two reports of progress. */
const progressInterval = 100;

/** Where an archive is written to: a file, which is the fast way, or a stream, which is ended or destroyed. */
export type ArchiveSink = { path: string } | Writable;

export interface WriteProgress {
  /** Bytes of the archive that are written, from its beginning. */
  bytesDone: number;
  /** Bytes of the archive. */
  size: number;
}

export interface WriteArchiveOptions {
  signal: AbortSignal;
  /** Called ten times a second at most, and when everything is written. */
  onProgress?(progress: WriteProgress): void;
  /**
   * Offset at which to begin, where the sink holds what lies before: a start of a segment, as `verifiedPrefix` gives it.
   * 0 by default, for a file that is made or overwritten.
   */
  from?: number;
}

/**
 * Writes an archive, checking the length and the CRC-32 of every stored file on the way. From files to a file the bytes
 * go through threads of their own and cost about what copying them costs; the calling thread stays free. Making the file
 * durable is the caller's business.
 *
 * Rejects with `blob.missing` or `blob.corrupt` (detail: path, sha256), with the store's own errors, with the system's
 * error where the sink fails (`code` ENOSPC where the disk is full), with that of the source's `stallLimit`, and with the
 * signal's reason; by then every file and the sink are closed, unless they hang. What the sink holds then is no archive.
 */
export async function writeArchive(
  archive: Segmented,
  source: BlobSource,
  sink: ArchiveSink,
  { signal, onProgress, from = 0 }: WriteArchiveOptions,
): Promise<void> {
  const report = throttledReport(archive.size, onProgress);
  if (sink instanceof Writable) return writeThrough(sink, from);
  const reached = await writeFile(sink.path);
  if (reached < archive.size)
    await writeThrough(createWriteStream(sink.path, { flags: 'r+', start: reached }), reached);
  // Not before, to `from`: a writer that was only slow would cut off what another has written to the same file since.
  await truncate(sink.path, archive.size);

  async function writeFile(path: string): Promise<number> {
    signal.throwIfAborted();
    const file = await open(path, from === 0 ? 'w' : 'r+');
    return writeArchiveWithThreads({ archive, source, file, from, signal, onWritten: report });
  }

  async function writeThrough(stream: Writable, start: number): Promise<void> {
    const end = archive.size - 1;
    const bytes =
      start > end ? Readable.from([]) : readArchive(archive, source, { start, end }, { signal, verify: true });
    let bytesDone = start;
    const written = pipeline(bytes, stream, { signal });
    bytes.on('data', (chunk: Buffer) => {
      bytesDone += chunk.length;
      report(bytesDone);
    });
    try {
      await written;
    } catch (error) {
      // The pipeline rejects with an error of its own, of which the reason is only the cause.
      throw signal.aborted ? signal.reason : error;
    }
  }
}

function throttledReport(size: number, onProgress?: (progress: WriteProgress) => void): (bytesDone: number) => void {
  let next = 0;
  return (bytesDone) => {
    const now = performance.now();
    if (now < next && bytesDone < size) return;
    next = now + progressInterval;
    onProgress?.({ bytesDone, size });
  };
}
