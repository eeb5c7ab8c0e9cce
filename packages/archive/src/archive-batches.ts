import type { Segment, Segmented } from './archive-layout.ts';

/** Bytes of a batch: what may be lost by a crash, and how finely the work of one archive is shared out. */
const batchBytes = 16 * 1024 * 1024;
/** Bounds what is held of an archive of tiny files. */
const batchPieces = 512;

/** A run of bytes of one segment. */
export interface Piece {
  segment: Segment;
  /** In the segment. */
  offset: number;
  size: number;
}

/** A run of an archive's bytes, in pieces without gaps. */
export interface Batch {
  /** Offset in the archive. */
  start: number;
  size: number;
  pieces: Piece[];
}

/** Whether the piece is its segment's last one. */
export function isLastPiece({ segment, offset, size }: Piece): boolean {
  return offset + size === segment.size;
}

/** Cuts the archive from the segment that holds byte `from` on into batches of equal cost, however large its files are. */
export async function* archiveBatches(archive: Segmented, from: number): AsyncGenerator<Batch, void, void> {
  let open: Batch | null = null;

  function* cut(segment: Segment): Generator<Batch, void, void> {
    for (let offset = 0; offset < segment.size; ) {
      open ??= { start: segment.start + offset, size: 0, pieces: [] };
      const size = Math.min(segment.size - offset, batchBytes - open.size);
      open.pieces.push({ segment, offset, size });
      open.size += size;
      offset += size;
      if (open.size === batchBytes || open.pieces.length === batchPieces) {
        yield open;
        open = null;
      }
    }
  }

  const segments = archive.segments(from);
  // A wait for each of a million segments that are there already would cost more than the segments.
  if (Symbol.iterator in segments) for (const segment of segments) yield* cut(segment);
  else for await (const segment of segments) yield* cut(segment);
  if (open !== null) yield open;
}
