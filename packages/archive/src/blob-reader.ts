import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { AppError } from '@sheaf/domain/app-error';
import type { BlobSegment } from './archive-layout.ts';
import type { BlobSource, ByteRange, StallLimit } from './blob-source.ts';
import { wrongLength } from './corrupt-blob.ts';

/** Bytes of a file that are read at once: a slow client holds about two of these. */
export const chunkBytes = 384 * 1024;

/** Memory to read into: at least so many bytes. */
export type TakeMemory = (length: number) => Buffer;

/** Bytes of one stored file, a piece at a time. */
export interface BlobReader {
  /** The next bytes, or null where there are no more, which the caller holds against what it expects. */
  read(): Promise<Buffer | null>;
  /** Ends a pending read; resolves when nothing is open any more, or what still is hangs. */
  close(): Promise<void>;
}

/**
 * Opens bytes of a stored file, as a plain file where the source has it as one. Rejects with the source's own error, and
 * with `blob.corrupt` where the file is seen to have another size than recorded.
 */
export async function openBlob(
  source: BlobSource,
  segment: BlobSegment,
  range: ByteRange,
  take: TakeMemory,
): Promise<BlobReader> {
  const path = source.path?.(segment.blob.sha256) ?? null;
  const file = path === null ? null : await openFile(path, segment, { range, take, stallLimit: source.stallLimit });
  return file ?? readStream(await source.open(segment.blob, range));
}

interface FileReading {
  range: ByteRange;
  take: TakeMemory;
  stallLimit: StallLimit | undefined;
}

/** Null where the file cannot be opened: why is for the source to say. */
async function openFile(
  path: string,
  segment: BlobSegment,
  { range: { start, end }, take, stallLimit }: FileReading,
): Promise<BlobReader | null> {
  let hangs = false;
  const within = async <T>(pending: Promise<T>): Promise<T> => {
    if (stallLimit === undefined) return pending;
    return stallLimit.within(pending).catch((error: unknown) => {
      hangs = error instanceof AppError;
      throw error;
    });
  };
  const opening = open(path);
  let file: FileHandle;
  try {
    file = await within(opening);
  } catch (error) {
    if (!hangs) return null;
    opening.then((late) => late.close()).catch(() => {});
    throw error;
  }
  /** A file is closed only after its last read, and who gave up waiting for that does not wait for this. */
  const close = async () => {
    const closing = file.close();
    if (hangs) closing.catch(() => {});
    else await within(closing);
  };
  try {
    const { size } = await within(file.stat());
    if (size !== segment.blob.size) throw wrongLength(segment, size);
  } catch (error) {
    await close();
    throw error instanceof AppError ? error : unreadable(segment, error);
  }
  let position = start;
  return {
    async read() {
      const length = Math.min(chunkBytes, end + 1 - position);
      if (length === 0) return null;
      try {
        const { buffer, bytesRead } = await within(file.read(take(length), 0, length, position));
        position += bytesRead;
        return bytesRead === 0 ? null : buffer.subarray(0, bytesRead);
      } catch (error) {
        throw error instanceof AppError ? error : unreadable(segment, error);
      }
    },
    close,
  };
}

/** Of one stored file: what it says of the storage as a whole is for others to judge. */
export function unreadable({ path, blob }: Pick<BlobSegment, 'path' | 'blob'>, cause: unknown): AppError {
  const systemErrorCode = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return new AppError('storage.unavailable', 'A stored file could not be read.', {
    detail: { path, sha256: blob.sha256, systemErrorCode },
    retryable: true,
    cause,
  });
}

function readStream(stream: Readable): BlobReader {
  const chunks: Buffer[] = [];
  let finished = stream.closed || stream.readableEnded;
  let failure: unknown = stream.errored;
  let wake = () => {};

  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    stream.pause();
    wake();
  });
  stream.on('error', (error) => {
    failure = error;
    wake();
  });
  for (const event of ['end', 'close']) {
    stream.on(event, () => {
      finished = true;
      wake();
    });
  }
  stream.pause();

  return {
    async read() {
      while (true) {
        const chunk = chunks.shift();
        if (chunk !== undefined) return chunk;
        // `errored` is null where nothing failed.
        if (failure) throw failure;
        if (finished) return null;
        const change = new Promise<void>((resolve) => {
          wake = resolve;
        });
        stream.resume();
        await change;
      }
    },
    async close() {
      stream.destroy();
      if (!stream.closed) await new Promise((resolve) => stream.once('close', resolve));
    },
  };
}
