import type { Batch } from './archive-batches.ts';

/** What a thread is told when it starts. */
export interface ThreadWork {
  /** Descriptor of the archive's file, which whoever started the thread closes after it. */
  archive: number;
  /** Whether to compare the archive with the batches rather than to write them. */
  compare: boolean;
  /** Shared, at the places below. */
  shared: Int32Array<SharedArrayBuffer>;
  /** What is read and written at once. */
  bufferBytes: number;
  /** Numbers for each piece in a message. */
  fieldsOfPiece: number;
}

/** Places in what threads share: anything but 0 ends every batch at its next step; steps that were done, wrapping around. */
export const stoppedPlace = 0;
export const stepsPlace = 1;

/** A batch in few objects, since thousands of small ones cost more to hand over than to write. */
export interface BatchMessage {
  /** Offset in the archive. */
  start: number;
  /** The archive's own bytes within the batch, one run after another. */
  literals: Uint8Array<ArrayBuffer>;
  /** Of each piece its size, its offset in its file (-1 where it is of the archive's own bytes), and its file's size. */
  pieces: Float64Array<ArrayBuffer>;
  /** Absolute paths of the files, one for each piece of a file. */
  files: string[];
}

/** Numbers for each piece in a message. */
export const fieldsOfPiece = 3;

/** Why a batch was not done. */
export type Problem =
  | { kind: 'stopped' }
  | { kind: 'missing' }
  /** The file has another size (bytes) than its piece needs. */
  | { kind: 'size'; size: number }
  | { kind: 'different' }
  | { kind: 'system'; message: string; properties: Record<string, unknown> };

export interface BatchReply {
  /** CRC-32 of each piece of a file. */
  checksums: Uint32Array<ArrayBuffer>;
  /** Index of the piece that was in hand last. */
  piece: number;
  problem: Problem | null;
}

/** @param fileOf Absolute path of a blob's file. Where it gives null for one, so does this for the whole batch. */
export function encodeBatch(batch: Batch, fileOf: (sha256: string) => string | null): BatchMessage | null {
  let literalBytes = 0;
  for (const { segment, size } of batch.pieces) if ('bytes' in segment) literalBytes += size;
  const literals = new Uint8Array(literalBytes);
  const pieces = new Float64Array(batch.pieces.length * fieldsOfPiece);
  const files: string[] = [];
  let filled = 0;
  for (const [i, { segment, offset, size }] of batch.pieces.entries()) {
    pieces[i * fieldsOfPiece] = size;
    if ('bytes' in segment) {
      literals.set(segment.bytes.subarray(offset, offset + size), filled);
      filled += size;
      pieces[i * fieldsOfPiece + 1] = -1;
    } else {
      const file = fileOf(segment.blob.sha256);
      if (file === null) return null;
      files.push(file);
      pieces[i * fieldsOfPiece + 1] = offset;
      pieces[i * fieldsOfPiece + 2] = segment.size;
    }
  }
  return { start: batch.start, literals, pieces, files };
}
