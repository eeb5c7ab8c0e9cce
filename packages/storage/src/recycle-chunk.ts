import type { Readable } from 'node:stream';

/** A stream that reads into memory which it is given back, instead of new memory for every chunk. */
export interface RecyclesChunks {
  /** Takes a chunk of this stream back. Nobody may read or write it from now on. */
  recycle(chunk: Buffer): void;
}

/** Gives a chunk back to the stream that it came from, where that can use it again. */
export function recycleChunk(source: Readable & Partial<RecyclesChunks>, chunk: Buffer): void {
  source.recycle?.(chunk);
}
