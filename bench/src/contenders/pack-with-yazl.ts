import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import yazl from 'yazl';
import { contend } from '../measure.ts';

/** yazl as its README shows it, storing. */
contend(async ({ files, target }: { files: string[]; target: string }) => {
  const archive = new yazl.ZipFile();
  const written = pipeline(archive.outputStream, createWriteStream(target));
  for (const [i, file] of files.entries()) archive.addFile(file, `${i}.bin`, { compress: false });
  archive.end();
  await written;
});
