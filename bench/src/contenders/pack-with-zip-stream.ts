import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import ZipStream from 'zip-stream';
import { contend } from '../measure.ts';

/** zip-stream as its README shows it, storing: one entry after another. */
contend(async ({ files, target }: { files: string[]; target: string }) => {
  const archive = new ZipStream({ store: true });
  const written = pipeline(archive, createWriteStream(target));
  for (const [i, file] of files.entries()) {
    await new Promise<void>((resolve, reject) => {
      archive.entry(createReadStream(file), { name: `${i}.bin` }, (error) => (error ? reject(error) : resolve()));
    });
  }
  archive.finish();
  await written;
});
