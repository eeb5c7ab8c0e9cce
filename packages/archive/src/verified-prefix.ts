import { open } from 'node:fs/promises';
import type { Piece } from './archive-batches.ts';
import type { Segmented } from './archive-layout.ts';
import { systemError } from './batch-error.ts';
import { BlobChecks } from './blob-checks.ts';
import type { StallLimit } from './blob-source.ts';
import { runBatches } from './run-batches.ts';

/**
 * How much of an archive a file holds that was left behind by a writer that crashed: the offset in bytes up to which its
 * whole segments are there. They are read again: the archive's own bytes are compared, stored files go by their CRC-32.
 * 0 where there is no such file. `writeArchive` goes on from there.
 *
 * Rejects with the system's error where the file cannot be read, with that of the limit, and with the signal's reason.
 */
export async function verifiedPrefix(
  archive: Segmented,
  path: string,
  signal: AbortSignal,
  stallLimit?: StallLimit,
): Promise<number> {
  signal.throwIfAborted();
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (file === null) return 0;
  const checks = new BlobChecks();
  let wrong: Piece | null = null;
  await runBatches({
    archive,
    from: 0,
    file,
    compare: true,
    // Nothing but the archive is read.
    fileOf: () => '',
    signal,
    stallLimit,
    async settle(batch, { checksums, piece, problem }) {
      if (problem?.kind === 'system') throw systemError(problem);
      const compared = problem === null ? batch.pieces : batch.pieces.slice(0, piece);
      wrong = checks.firstWrong(compared, checksums) ?? batch.pieces[compared.length] ?? null;
      return wrong === null;
    },
  });
  return wrong === null ? archive.size : (wrong as Piece).segment.start;
}
