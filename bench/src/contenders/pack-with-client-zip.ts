import { createWriteStream, openAsBlob } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { makeZip } from 'client-zip';
import { contend } from '../measure.ts';

/** client-zip as its README shows it, given the files' contents as streams; it never compresses. */
contend(async ({ files, target }: { files: string[]; target: string }) => {
  async function* entries() {
    for (const [i, file] of files.entries()) yield { name: `${i}.bin`, input: (await openAsBlob(file)).stream() };
  }
  const archive = makeZip(entries() as Parameters<typeof makeZip>[0]);
  await pipeline(Readable.fromWeb(archive as ReadableStream), createWriteStream(target));
});
