import type { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { AppError } from '@sheaf/domain/app-error';
import { type ArchiveEntry, type BlobEntry, isSafePath } from './archive-entry.ts';
import {
  type ArchiveCompression,
  type ArchiveFormat,
  type ArchiverStream,
  createArchiverStream,
} from './archiver-stream.ts';
import { TakenPlaces } from './check-places.ts';
import { readExactly, streamExactly } from './exact-source.ts';
import { Interruption } from './interruption.ts';
import { MeasuredSink } from './measured-sink.ts';

/** Up to this size an entry is read as a whole, which costs a third of streaming it: no stream of archiver's is set up. */
export const bufferedEntryBytes = 1024 * 1024;

export interface ArchiveProgress {
  entriesDone: number;
  /** Bytes of content, not of the archive. */
  bytesDone: number;
}

export interface WriteWithArchiverOptions {
  /** In the order in which they are to lie in the archive. Closed when the archive is done or has failed. */
  entries: AsyncIterable<ArchiveEntry>;
  /** Opens a stored file; at most one is open at a time. It must fail where the bytes are not what was recorded. */
  open(entry: BlobEntry): Promise<Readable>;
  /** Ended when the archive is complete, destroyed when it fails. */
  sink: Writable;
  format: ArchiveFormat;
  compression: ArchiveCompression;
  signal: AbortSignal;
  /** Called often, also within a large entry; to be throttled by whoever needs it less often. */
  onProgress?(progress: ArchiveProgress): void;
}

export interface WrittenArchive {
  entries: number;
  /** Bytes of the archive. */
  size: number;
  /** Of the archive's bytes. The same entries always give the same bytes. */
  sha256: string;
}

/**
 * Writes an archive of the entries to the sink. Rejects with the first error of an entry, a source or the sink as it
 * was thrown, with `blob.corrupt` where a source has not exactly the recorded length, with `input.invalid` for two entries
 * that cannot both be unpacked, with `download.empty` where there are no entries, and with the signal's reason; by then
 * every source and the sink are closed. What is in the sink after a rejection is no archive.
 */
export async function writeWithArchiver(options: WriteWithArchiverOptions): Promise<WrittenArchive> {
  const { entries, sink, format, compression, signal } = options;
  const interruption = new Interruption();
  const archiver = createArchiverStream(format, compression, interruption);
  const measured = new MeasuredSink(sink);
  const written = finished(measured);
  written.catch((error: unknown) => interruption.fail(error));
  archiver.stream.pipe(measured);
  const onAbort = () => interruption.fail(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  const iterator = entries[Symbol.asyncIterator]();

  try {
    const { entriesDone } = await appendAll(iterator, { archiver, measured, interruption }, options);
    if (entriesDone === 0) throw new AppError('download.empty', 'There is nothing to put into the archive.');
    archiver.finish();
    await interruption.wait(written);
    return { entries: entriesDone, ...measured.result() };
  } catch (error) {
    interruption.fail(error);
    // The archiver itself is left to the garbage collector. It holds no file, and destroying it while it writes a tar
    // makes a stream within it, which nobody can listen to, throw an uncaught error.
    archiver.stream.unpipe(measured);
    measured.destroy();
    if (!measured.closed) await new Promise((resolve) => measured.once('close', resolve));
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
    // A generator that is stuck answers only when it is no longer stuck, so nobody waits for it.
    iterator.return?.().catch(() => {});
  }
}

async function appendAll(
  iterator: AsyncIterator<ArchiveEntry>,
  {
    archiver,
    measured,
    interruption,
  }: { archiver: ArchiverStream; measured: MeasuredSink; interruption: Interruption },
  { open, onProgress }: WriteWithArchiverOptions,
): Promise<ArchiveProgress> {
  const progress: ArchiveProgress = { entriesDone: 0, bytesDone: 0 };
  const places = new TakenPlaces();

  function advance(bytes: number) {
    progress.bytesDone += bytes;
    onProgress?.({ ...progress });
  }

  async function appendBlob(entry: BlobEntry): Promise<void> {
    const source = await interruption.wait(openUnlessFailed(entry, open, interruption));
    try {
      if (entry.blob.size <= bufferedEntryBytes) {
        const content = await interruption.wait(readExactly(entry, source));
        await interruption.wait(archiver.append(entry, content));
        advance(content.length);
      } else {
        const content = streamExactly(entry, source, advance);
        content.on('error', (error) => interruption.fail(error));
        await interruption.wait(archiver.append(entry, content));
      }
    } finally {
      source.destroy();
      if (!source.closed) await new Promise((resolve) => source.once('close', resolve));
    }
  }

  while (true) {
    const next = await interruption.wait(iterator.next());
    if (next.done) return progress;
    const entry = next.value;
    if (!isSafePath(entry.path)) {
      throw new AppError('internal', 'An archive entry has an unsafe path.', { detail: { path: entry.path } });
    }
    places.take(entry.path);
    if ('blob' in entry) {
      await appendBlob(entry);
    } else {
      await interruption.wait(archiver.append(entry, Buffer.from(entry.bytes)));
      advance(entry.bytes.length);
    }
    progress.entriesDone += 1;
    advance(0);
    await interruption.wait(measured.drained());
  }
}

/** Opens the entry's source, and closes it again where it comes too late to be wanted. */
async function openUnlessFailed(
  entry: BlobEntry,
  open: WriteWithArchiverOptions['open'],
  interruption: Interruption,
): Promise<Readable> {
  const source = await open(entry);
  // Without a listener, an error between two waits would end the process.
  source.on('error', (error) => interruption.fail(error));
  if (interruption.failed) source.destroy();
  return source;
}
