import { AppError } from '@sheaf/domain/app-error';
import type { Piece } from './archive-batches.ts';
import type { Problem } from './archive-thread-messages.ts';
import { unreadable } from './blob-reader.ts';
import type { BlobSource } from './blob-source.ts';

/** The error of a batch that a thread could not write: an AppError about a blob, or the system's own with its code. */
export async function batchError(problem: Problem, { segment }: Piece, source: BlobSource): Promise<Error> {
  if (problem.kind === 'system') {
    const error = systemError(problem);
    // Files are opened and read, the archive is only written.
    const isOfBlob = 'blob' in segment && problem.properties.syscall !== 'write';
    return isOfBlob ? unreadable(segment, error) : error;
  }
  if ('bytes' in segment || problem.kind === 'stopped' || problem.kind === 'different') {
    return new Error(`A batch of an archive was not written: ${problem.kind}.`);
  }
  const { path, blob } = segment;
  if (problem.kind === 'missing') {
    return (
      (await refusalOf(source, segment.blob)) ??
      new AppError('blob.missing', 'A stored file is missing.', { detail: { path, sha256: blob.sha256 } })
    );
  }
  return new AppError('blob.corrupt', 'A stored file does not have the length that was recorded.', {
    detail: { path, sha256: blob.sha256, expectedSize: blob.size, size: problem.size },
  });
}

/** The error of a system call as the thread met it, with its `code`. */
export function systemError({ message, properties }: Extract<Problem, { kind: 'system' }>): Error {
  return Object.assign(new Error(message), properties);
}

/**
 * What the store says of a file that a thread did not find, where that is more than that it is missing: all files seem
 * to be when their disk is gone.
 */
async function refusalOf(
  source: BlobSource,
  blob: { sha256: string; size: number; crc32: number },
): Promise<Error | null> {
  try {
    const stream = await source.open(blob, { start: 0, end: 0 });
    stream.on('error', () => {}).destroy();
    return null;
  } catch (error) {
    return error instanceof AppError && error.code !== 'blob.missing' ? error : null;
  }
}
