import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type HashedFile, hashing } from './hashed-file.ts';

/** Writes a JSON value a line, as they come. */
export async function writeLines(file: string, lines: AsyncIterable<object | string>): Promise<HashedFile> {
  const { through, result } = hashing();
  async function* texts() {
    for await (const line of lines) yield Buffer.from(`${JSON.stringify(line)}\n`);
  }
  await pipeline(Readable.from(texts()), through, createWriteStream(file, { mode: 0o600, flush: true }));
  return result();
}

export function readLines(file: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
}
