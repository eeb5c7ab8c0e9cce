import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { AppError } from '@sheaf/domain/app-error';

export interface FetchedArchive {
  size: number;
  sha256: string;
}

/** Downloads what a link points to into a new file. Throws `internal` when it is not exactly as long as announced. */
export async function fetchArchive(link: string, file: string): Promise<FetchedArchive> {
  const answer = await fetch(link);
  if (!answer.ok || !answer.body) throw new AppError('internal', `The link answered with status ${answer.status}.`);
  const announced = Number(answer.headers.get('content-length'));
  const hash = createHash('sha256');
  let size = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  const body = Readable.fromWeb(answer.body as ReadableStream<Uint8Array>);
  await pipeline(body, measure, createWriteStream(file, { flags: 'wx' }));
  if (size !== announced) throw new AppError('internal', `The link announced ${announced} bytes and sent ${size}.`);
  return { size, sha256: hash.digest('hex') };
}
