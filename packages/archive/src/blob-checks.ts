import { AppError } from '@sheaf/domain/app-error';
import { isLastPiece, type Piece } from './archive-batches.ts';
import { combineCrc32 } from './combine-crc32.ts';

/** Holds files that were read in pieces, by several threads, against their recorded CRC-32. Pieces come in order. */
export class BlobChecks {
  /** Of the file in hand, up to its last piece so far. */
  #checksum = 0;

  /**
   * The first piece at whose end its file turns out not to be what was recorded; null where all are.
   * @param checksums CRC-32 of each piece that is of a file.
   */
  firstWrong(pieces: readonly Piece[], checksums: Uint32Array): Piece | null {
    let blobs = 0;
    for (const piece of pieces) {
      if ('bytes' in piece.segment) continue;
      const checksum = checksums[blobs++]!;
      this.#checksum = piece.offset === 0 ? checksum : combineCrc32(this.#checksum, checksum, piece.size);
      if (isLastPiece(piece) && this.#checksum !== piece.segment.blob.crc32) return piece;
    }
    return null;
  }

  /** Throws `blob.corrupt` for the first wrong piece. */
  check(pieces: readonly Piece[], checksums: Uint32Array): void {
    const wrong = this.firstWrong(pieces, checksums);
    if (wrong === null || 'bytes' in wrong.segment) return;
    const { path, blob } = wrong.segment;
    throw new AppError('blob.corrupt', 'A stored file is not what was recorded: its checksum differs.', {
      detail: { path, sha256: blob.sha256, expectedCrc32: blob.crc32, crc32: this.#checksum },
    });
  }
}
