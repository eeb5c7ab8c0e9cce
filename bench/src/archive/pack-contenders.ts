import { readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { type Cost, runContender } from '../measure.ts';
import { type Program, runProgram } from './run-program.ts';
import type { SampleEntries } from './sample-entries.ts';

/** As the worker is started. */
const workerFlags = readFileSync(new URL('../../../services/worker/node-flags', import.meta.url), 'utf8')
  .trim()
  .split('\n');

/** Everything that packs, or only copies, the sample into one target, which is made anew for every run. */
export function packContenders(sample: SampleEntries, output: string): ReadonlyMap<string, () => Promise<Cost>> {
  const { folder, files, entriesFile } = sample;
  const target = path.join(output, 'bundle.zip');
  const inside = files.map((file) => path.relative(folder, file));

  function fresh(run: () => Promise<Cost>): () => Promise<Cost> {
    return async () => {
      await rm(output, { recursive: true, force: true });
      await mkdir(output, { recursive: true });
      return run();
    };
  }
  const program = (what: Program) => fresh(() => runProgram(what));
  const library = (name: string) => fresh(() => runContender(name, { files, target }));

  return new Map([
    ['cp', program({ command: 'cp', args: ['-r', folder, path.join(output, 'copy')] })],
    ['cat', program({ command: 'sh', args: ['-c', 'xargs cat > "$0"', target], cwd: folder, input: inside })],
    ['sheaf', fresh(() => runContender('write-archive', { entriesFile, target }, workerFlags))],
    ['7z', program({ command: '7z', args: ['a', '-tzip', '-mx0', '-bd', target, '.'], cwd: folder })],
    [
      'bsdtar',
      program({
        command: 'bsdtar',
        args: ['-c', '--format=zip', '--options=zip:compression=store', '-f', target, '.'],
        cwd: folder,
      }),
    ],
    ['zip', program({ command: 'zip', args: ['-q', '-0', '-r', target, '.'], cwd: folder })],
    ['archiver', library('pack-with-archiver')],
    ['yazl', library('pack-with-yazl')],
    ['zip-stream', library('pack-with-zip-stream')],
    ['client-zip', library('pack-with-client-zip')],
  ]);
}
