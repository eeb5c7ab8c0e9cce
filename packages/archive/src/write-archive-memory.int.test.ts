import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { setupStoredFiles } from './stored-files-under-test.ts';

const module = (name: string) => JSON.stringify(new URL(`./${name}.ts`, import.meta.url).href);

/** Packs `count` entries that are all of one file, in a process of its own, and gives its peak of memory. */
async function peakMegabytes(count: number, size: number): Promise<number> {
  const { entries, fileOf, target } = await setupStoredFiles([size]);
  const program = `
    import { layoutArchive } from ${module('layout-archive')};
    import { writeArchive } from ${module('write-archive')};
    const blob = ${JSON.stringify(entries[0]!.blob)};
    const modifiedAt = new Date(0);
    const all = Array.from({ length: ${count} }, (_, i) => ({ path: 'folder/photo-' + i + '.jpg', modifiedAt, blob }));
    const layout = layoutArchive(all);
    const source = { path: () => ${JSON.stringify(fileOf(entries[0]!.blob.sha256))} };
    await writeArchive(layout, source, { path: ${JSON.stringify(target)} }, { signal: new AbortController().signal });
    console.log(JSON.stringify({ size: layout.size, peakMegabytes: process.resourceUsage().maxRSS / 1024 }));`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    // As services/worker/node-flags has the worker started.
    [
      '--min-semi-space-size=2',
      '--max-semi-space-size=2',
      '--heap-growing-percent=50',
      '--input-type=module',
      '--eval',
      program,
    ],
    { cwd: fileURLToPath(new URL('..', import.meta.url)), timeout: 55_000 },
  );
  const { size: written, peakMegabytes } = JSON.parse(stdout);
  expect(written).toBeGreaterThan(count * size);
  return peakMegabytes;
}

test.each([
  [20_000, 50_000],
  [10, 100_000_000],
])('%i files of %i bytes are packed by a process of at most 150 MB', async (count, size) => {
  expect(await peakMegabytes(count, size)).toBeLessThan(150);
});
