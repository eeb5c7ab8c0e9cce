import { Transform, type TransformCallback } from 'node:stream';

/** Passes bytes on and counts them. */
export class CountedStream extends Transform {
  bytes = 0;

  constructor() {
    super({ highWaterMark: 256 * 1024 });
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
    this.bytes += chunk.length;
    callback(null, chunk);
  }
}
