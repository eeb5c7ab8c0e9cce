import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { appendFile, open, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { AppError } from '@sheaf/domain/app-error';
import { expect, test } from 'vitest';
import { ownMounts, requireMounts } from '../../../test/harness/require-mounts.ts';
import type { Segmented } from './archive-layout.ts';
import { setupStoredFiles } from './stored-files-under-test.ts';
import { writeArchive } from './write-archive.ts';

const MiB = 1024 * 1024;
const { signal } = new AbortController();

const damages: [string, string, (file: string) => Promise<void>][] = [
  ['shorter', 'blob.corrupt', async (file) => truncate(file, (await readFile(file)).length - 1)],
  ['empty', 'blob.corrupt', (file) => truncate(file, 0)],
  ['longer', 'blob.corrupt', (file) => appendFile(file, 'x')],
  ['missing', 'blob.missing', (file) => rm(file)],
  [
    'replaced by other bytes of the same length',
    'blob.corrupt',
    async (file) => {
      await writeFile(`${file}.new`, Buffer.alloc((await readFile(file)).length, 7));
      await rename(`${file}.new`, file);
    },
  ],
  [
    'one bit off',
    'blob.corrupt',
    async (file) => {
      const handle = await open(file, 'r+');
      const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, 100);
      await handle.write(Buffer.from([buffer[0]! ^ 1]), 0, 1, 100);
      await handle.close();
    },
  ],
];
const kinds = [
  ['small', 50_000],
  ['large', 20 * MiB + 3],
] as const;

test.each(damages.flatMap(([what, code, damage]) => kinds.map(([kind, size]) => ({ what, code, damage, kind, size }))))(
  'a $kind stored file that is $what fails the archive with $code and leaves nothing open',
  async ({ code, damage, size }) => {
    const { layout, files, target, entries, fileOf, openFiles } = await setupStoredFiles([1_000, size, 1_000]);
    const { path, blob } = entries[1]!;
    await damage(fileOf(blob.sha256));
    const failure = { code, detail: { path, sha256: blob.sha256 } };

    await expect(writeArchive(layout, files, { path: target }, { signal })).rejects.toMatchObject(failure);
    expect(await openFiles()).toEqual([]);
  },
);

test('a damaged file fails an archive that goes to a stream, and the stream is destroyed', async () => {
  const { layout, files, target, entries, fileOf, openFiles } = await setupStoredFiles([1_000, 50_000]);
  await truncate(fileOf(entries[1]!.blob.sha256), 100);
  const sink = createWriteStream(target);

  await expect(writeArchive(layout, files, sink, { signal })).rejects.toMatchObject({ code: 'blob.corrupt' });
  expect(sink.destroyed).toBe(true);
  await expect.poll(openFiles).toEqual([]);
});

test('a store that is gone as a whole says so itself, rather than that one file is missing', async () => {
  const { layout, target, fileOf } = await setupStoredFiles([1_000]);
  const gone = new AppError('storage.unavailable', 'The storage is not there.', { retryable: true });
  const files = { path: (sha256: string) => `${fileOf(sha256)}.gone`, open: () => Promise.reject(gone) };

  await expect(writeArchive(layout, files, { path: target }, { signal })).rejects.toBe(gone);
});

test('segments that fail pass their error on', async () => {
  const { layout, files, target, openFiles } = await setupStoredFiles([1_000]);
  const failure = new Error('the database went away');
  const broken: Segmented = {
    size: layout.size,
    async *segments(from) {
      yield [...layout.segments(from)][0]!;
      throw failure;
    },
  };

  await expect(writeArchive(broken, files, { path: target }, { signal })).rejects.toBe(failure);
  expect(await openFiles()).toEqual([]);
});

test("a folder that is not there is the system's own error", async () => {
  const { layout, files, folder } = await setupStoredFiles([1]);

  await expect(writeArchive(layout, files, { path: `${folder}/none/a.zip` }, { signal })).rejects.toMatchObject({
    code: 'ENOENT',
  });
});

test("a disk that fills up is the system's ENOSPC, which storage reports as storage.full", async () => {
  await requireMounts();
  const { folder } = await setupStoredFiles([8 * MiB]);
  const module = (name: string) => JSON.stringify(new URL(`./${name}.ts`, import.meta.url).href);
  const program = `
    import { crc32 } from 'node:zlib';
    import { layoutArchive } from ${module('layout-archive')};
    import { writeArchive } from ${module('write-archive')};
    const blob = { sha256: '0'.repeat(64), size: ${8 * MiB}, crc32: crc32(Buffer.alloc(${8 * MiB})) };
    const layout = layoutArchive([{ path: 'a', modifiedAt: new Date(0), blob }]);
    const source = { path: () => process.env.FILE };
    const failure = await writeArchive(layout, source, { path: process.env.ROOT + '/a.zip' }, { signal: new AbortController().signal })
      .then(() => null, (error) => error);
    console.log(failure.code);`;
  const file = `${folder}/zeros`;
  await writeFile(file, Buffer.alloc(8 * MiB));

  const { stdout } = await promisify(execFile)(
    'unshare',
    [
      ...ownMounts,
      'sh',
      '-c',
      'mkdir "$ROOT" && mount -t tmpfs -o size=4m none "$ROOT" && exec "$NODE" --input-type=module --eval "$PROGRAM"',
    ],
    {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      env: { ...process.env, ROOT: `${folder}/full`, FILE: file, NODE: process.execPath, PROGRAM: program },
      timeout: 30_000,
    },
  );

  expect(stdout.trim()).toBe('ENOSPC');
});
