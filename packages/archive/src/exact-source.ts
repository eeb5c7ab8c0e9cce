import { Readable } from 'node:stream';
import type { BlobEntry } from './archive-entry.ts';
import { wrongLength } from './corrupt-blob.ts';

/** Calls `take` with each chunk and then `done` once, with an error unless exactly the entry's bytes came. */
function consume(entry: BlobEntry, source: Readable, take: (chunk: Buffer) => void, done: (error?: unknown) => void) {
  let received = 0;
  source.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received > entry.blob.size) done(wrongLength(entry, received));
    else take(chunk);
  });
  source.on('end', () => done(received === entry.blob.size ? undefined : wrongLength(entry, received)));
  source.on('error', done);
  // A source that is destroyed without an error never ends either.
  source.on('close', () => done(wrongLength(entry, received)));
}

/** The whole content in one buffer. Rejects with `blob.corrupt` for any other length, and with the source's own error. */
export function readExactly(entry: BlobEntry, source: Readable): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    consume(
      entry,
      source,
      (chunk) => chunks.push(chunk),
      (error) => {
        if (error !== undefined) reject(error);
        else resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, entry.blob.size));
      },
    );
  });
}

/**
 * The same as a stream, for content too large for one buffer. It fails as `readExactly` rejects, and never ends then;
 * archiver does not listen to it, so its owner must.
 */
export function streamExactly(entry: BlobEntry, source: Readable, onBytes: (count: number) => void): Readable {
  const stream = new Readable({
    highWaterMark: source.readableHighWaterMark,
    read: () => source.resume(),
    destroy(error, callback) {
      source.destroy();
      callback(error);
    },
  });
  let settled = false;
  consume(
    entry,
    source,
    (chunk) => {
      onBytes(chunk.length);
      if (!stream.push(chunk)) source.pause();
    },
    (error) => {
      if (settled) return;
      settled = true;
      if (error === undefined) stream.push(null);
      else stream.destroy(error as Error);
    },
  );
  source.pause();
  return stream;
}
