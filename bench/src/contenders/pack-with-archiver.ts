import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { ZipArchive } from 'archiver';
import { contend } from '../measure.ts';

/** archiver as its README shows it, storing. */
contend(async ({ files, target }: { files: string[]; target: string }) => {
  const archive = new ZipArchive({ store: true });
  const written = pipeline(archive, createWriteStream(target));
  for (const [i, file] of files.entries()) archive.file(file, { name: `${i}.bin` });
  await archive.finalize();
  await written;
});
