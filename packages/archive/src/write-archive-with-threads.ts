import type { FileHandle } from 'node:fs/promises';
import type { Segmented } from './archive-layout.ts';
import { batchError } from './batch-error.ts';
import { BlobChecks } from './blob-checks.ts';
import type { BlobSource } from './blob-source.ts';
import { runBatches } from './run-batches.ts';

export interface ThreadedWrite {
  archive: Segmented;
  source: BlobSource;
  /** Open for writing; closed with the end of it. */
  file: FileHandle;
  /** Offset in the archive where a segment begins. */
  from: number;
  signal: AbortSignal;
  /** Called with the offset up to which everything is written and was checked. */
  onWritten(end: number): void;
}

/**
 * Writes the archive to the file from `from` on, as far as its blobs are files. Gives the offset at which it stopped:
 * the archive's size, or the start of a segment before the first blob that is no file.
 */
export async function writeArchiveWithThreads(options: ThreadedWrite): Promise<number> {
  const { archive, source, file, from, signal, onWritten } = options;
  const checks = new BlobChecks();
  const withoutFile = await runBatches({
    archive,
    from,
    file,
    compare: false,
    fileOf: (sha256) => source.path?.(sha256) ?? null,
    signal,
    stallLimit: source.stallLimit,
    async settle(batch, { checksums, piece, problem }) {
      if (problem !== null) throw await batchError(problem, batch.pieces[piece]!, source);
      checks.check(batch.pieces, checksums);
      onWritten(batch.start + batch.size);
      return true;
    },
  });
  return withoutFile === null ? archive.size : withoutFile.pieces[0]!.segment.start;
}
