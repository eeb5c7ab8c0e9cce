import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, open, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { concatenated, setupStoredFiles } from './stored-files-under-test.ts';
import { verifiedPrefix } from './verified-prefix.ts';
import { writeArchive } from './write-archive.ts';

const MiB = 1024 * 1024;
const { signal } = new AbortController();

async function setupWritten(sizes: readonly number[]) {
  const setup = await setupStoredFiles(sizes);
  await writeArchive(setup.layout, setup.files, { path: setup.target }, { signal });
  const starts = [...setup.layout.segments(0)].map(({ start }) => start);
  return { ...setup, starts, segmentAt: (offset: number) => starts.filter((start) => start <= offset).at(-1)! };
}

test('a whole archive is verified to its end, and no file is nothing', async () => {
  const { layout, target, folder } = await setupWritten([0, 1_000, 20 * MiB]);

  expect(await verifiedPrefix(layout, target, signal)).toBe(layout.size);
  expect(await verifiedPrefix(layout, `${folder}/none`, signal)).toBe(0);
});

test('a file cut anywhere is verified to the segment of the cut', async () => {
  const { layout, target, starts, segmentAt, folder } = await setupWritten([1_000, 20 * MiB, 3_000]);
  const cuts = [0, 1, ...starts.flatMap((start) => [start, start + 1]), 17 * MiB, layout.size - 1];

  for (const cut of cuts) {
    await copyFile(target, `${folder}/cut`);
    await truncate(`${folder}/cut`, cut);
    expect(await verifiedPrefix(layout, `${folder}/cut`, signal), `cut at ${cut}`).toBe(segmentAt(cut));
  }
});

test('a byte that differs anywhere ends the prefix before its segment', async () => {
  const { layout, target, starts, segmentAt, folder } = await setupWritten([1_000, 20 * MiB, 3_000]);

  for (const at of [0, ...starts.slice(1).map((start) => start - 1), 17 * MiB, layout.size - 1]) {
    await copyFile(target, `${folder}/damaged`);
    const file = await open(`${folder}/damaged`, 'r+');
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, at);
    await file.write(Buffer.from([buffer[0]! ^ 0xff]), 0, 1, at);
    await file.close();
    expect(await verifiedPrefix(layout, `${folder}/damaged`, signal), `damage at ${at}`).toBe(segmentAt(at));
  }
});

test('a packed write that is killed at any moment goes on to the same bytes', async () => {
  const sizes = Array.from({ length: 300 }, (_, i) => (i % 100 === 0 ? 20 * MiB : 50_000));
  const { layout, files, target, fileOf, entries, folder } = await setupStoredFiles(sizes);
  const closing = [...layout.segments(0)];
  const expected = await concatenated(layout, (sha256) => readFile(fileOf(sha256)));
  // The child writes the same segments: its layout is handed over as it is.
  const segments = closing.map((segment) =>
    'bytes' in segment ? { ...segment, bytes: Buffer.from(segment.bytes).toString('base64') } : segment,
  );
  await writeFile(`${folder}/layout.json`, JSON.stringify({ size: layout.size, segments }));
  const program = `
    import { readFileSync } from 'node:fs';
    import { writeArchive } from ${JSON.stringify(new URL('./write-archive.ts', import.meta.url).href)};
    const { size, segments } = JSON.parse(readFileSync(${JSON.stringify(`${folder}/layout.json`)}, 'utf8'));
    const decoded = segments.map((s) => (s.bytes === undefined ? s : { ...s, bytes: Buffer.from(s.bytes, 'base64') }));
    const source = { path: (sha256) => ${JSON.stringify(folder)} + '/' + sha256 };
    console.log('started');
    await writeArchive({ size, segments: () => decoded }, source, { path: ${JSON.stringify(target)} }, { signal: new AbortController().signal });
    console.log('done');`;
  const kept: number[] = [];

  for (const share of [0, 0.05, 0.3, 0.6, 0.9]) {
    await writeFile(target, '');
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    const ended = once(child, 'exit');
    const least = share * (1 - Math.random() * 0.05) * layout.size;
    while ((await stat(target)).size < least && child.exitCode === null) await new Promise(setImmediate);
    child.kill('SIGKILL');
    await ended;

    const from = await verifiedPrefix(layout, target, signal);
    kept.push(from);
    await writeArchive(layout, files, { path: target }, { signal, from });
    expect((await readFile(target)).equals(expected), `killed at ${least}, continued at ${from}`).toBe(true);
  }

  expect(entries.length).toBe(300);
  expect(Math.max(...kept)).toBeGreaterThan(0);
});
