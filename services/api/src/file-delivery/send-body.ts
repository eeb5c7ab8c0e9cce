import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { AppError } from '@sheaf/domain/app-error';
import type { ByteRange } from '@sheaf/storage/blob-store';
import { recycleChunk } from '@sheaf/storage/recycle-chunk';
import type { BodyPiece } from './plan-body.ts';

export interface SentBody {
  pieces: readonly BodyPiece[];
  open(range: ByteRange | undefined): Promise<Readable>;
  /** Called when the first bytes of the file are there: the last moment at which an error can be told. May throw. */
  begin(): void;
  /** Told of bytes of the file once the network has them. */
  sent(bytes: number): void;
}

/**
 * Writes the pieces in order, with one range open at a time, and one chunk on its way while the next one is read: that
 * is all that a slow client costs. Written out instead of piped, because only whoever writes knows when a chunk may be
 * used again: new memory for every chunk doubled the processor time (docs/decisions/0016).
 *
 * Resolves when everything was handed over, or when the client has gone: then whatever was open is closed. Rejects with
 * what the file throws, and with `blob.corrupt` where it has more or fewer bytes than planned.
 */
export async function sendBody(response: ServerResponse, { pieces, open, begin, sent }: SentBody): Promise<void> {
  let begun = false;
  const beginOnce = () => {
    if (!begun) begin();
    begun = true;
  };
  const heads: Buffer[] = [];
  for (const piece of pieces) {
    if ('bytes' in piece) {
      heads.push(piece.bytes);
      continue;
    }
    await turnOf(response);
    if (response.destroyed) return;
    const source = await open(piece.range);
    if (response.destroyed) {
      source.destroy();
      return;
    }
    await new Promise<void>((resolve, reject) => {
      copyRange(source, response, {
        length: piece.length,
        isLast: piece === pieces.at(-1),
        begin() {
          beginOnce();
          for (const bytes of heads.splice(0)) response.write(bytes);
        },
        sent,
        done: (error) => (error === null ? resolve() : reject(error)),
      });
    });
    if (response.destroyed) return;
  }
  beginOnce();
  for (const bytes of heads) response.write(bytes);
  response.end();
}

/**
 * Answers to requests that a client sent ahead on one connection wait for their turn with nothing open: a packet has room
 * for hundreds of them, and each would hold a file and its first chunk.
 */
async function turnOf(response: ServerResponse): Promise<void> {
  if (response.socket !== null || response.destroyed) return;
  await new Promise<void>((resolve) => {
    response.once('socket', () => resolve());
    response.once('close', resolve);
  });
}

interface RangeCopy {
  length: number;
  /** Nothing follows: whoever has the last byte may close before the source does, and is answered nevertheless. */
  isLast: boolean;
  begin(): void;
  sent(bytes: number): void;
  /** Called once. Without an error, and where more follows, the source is closed by then. */
  done(error: Error | null): void;
}

function copyRange(source: Readable, response: ServerResponse, copy: RangeCopy): void {
  const { length, isLast, begin, sent, done } = copy;
  let left = length;
  let begun = false;
  let writing = false;
  let settled = false;

  function settle(error: Error | null) {
    if (settled) return;
    settled = true;
    response.off('close', abandon);
    source.destroy();
    // Who waits for the next range must not hold two; who is to be told of an error must not wait.
    if (error !== null) done(error);
    else if (isLast || source.closed) done(null);
    else source.once('close', () => done(null));
  }
  const abandon = () => settle(null);
  const fail = () => settle(new AppError('blob.corrupt', 'A stored file has not the length that was recorded.'));

  function next() {
    if (writing || settled) return;
    const chunk: Buffer | null = source.read();
    if (chunk === null) return;
    left -= chunk.length;
    if (left < 0) {
      fail();
      return;
    }
    try {
      if (!begun) begin();
    } catch (error) {
      settle(error as Error);
      return;
    }
    begun = true;
    writing = true;
    response.write(chunk, (error) => {
      writing = false;
      // The connection is closed, or about to: that is seen elsewhere.
      if (error) return;
      sent(chunk.length);
      recycleChunk(source, chunk);
      if (left === 0) settle(null);
      else next();
    });
  }

  function stopped() {
    if (left > 0) fail();
  }
  source.on('readable', next);
  source.once('end', stopped);
  source.once('close', stopped);
  // Also after the end of this function's interest: an error that nobody hears ends the process.
  source.on('error', settle);
  response.once('close', abandon);
}
