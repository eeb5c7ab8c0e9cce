import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { ownMounts, requireMounts } from '../../../test/harness/require-mounts.ts';

beforeAll(requireMounts);

/**
 * Runs a program on a file system of 4 MiB that really fills up. The mount lives in a namespace of the program's own,
 * so that it vanishes with it.
 */
async function onDiskOf4MiB(program: string): Promise<unknown> {
  const root = await mkdtemp(join(tmpdir(), 'sheaf-full-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const prelude = `
    import { readdir } from 'node:fs/promises';
    import { Readable } from 'node:stream';
    import { pipeline } from 'node:stream/promises';
    import { createFileStorage } from ${JSON.stringify(new URL('./file-storage.ts', import.meta.url).href)};
    const root = process.env.ROOT;
    const { blobs, objects, check } = createFileStorage(root);
    const filled = (bytes, value) => Readable.from(Array.from({ length: bytes / 65536 }, () => Buffer.alloc(65536, value)));
    const failure = (promise) => promise.then(() => 'none', ({ code, retryable }) => ({ code, retryable }));
    const files = async () => (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length;
    const report = {};
    `;
  const { stdout } = await promisify(execFile)(
    'unshare',
    [
      ...ownMounts,
      'sh',
      '-c',
      'mount -t tmpfs -o size=4m none "$ROOT" && exec "$NODE" --input-type=module --eval "$PROGRAM"',
    ],
    {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      env: {
        ...process.env,
        ROOT: root,
        NODE: process.execPath,
        PROGRAM: `${prelude}${program}\nconsole.log(JSON.stringify(report));`,
      },
      timeout: 30_000,
    },
  );
  return JSON.parse(stdout);
}

const full = { code: 'storage.full', retryable: true };

test('a blob larger than the disk is storage.full, leaves nothing, and the next one that fits is stored', async () => {
  const report = await onDiskOf4MiB(`
    report.tooLarge = await failure(blobs.put(filled(8 << 20, 1)));
    report.filesAfter = await files();
    report.fits = (await blobs.put(filled(2 << 20, 2))).created;
  `);

  expect(report).toEqual({ tooLarge: full, filesAfter: 0, fits: true });
});

test('a small blob that only partly fits is storage.full and leaves nothing', async () => {
  const report = await onDiskOf4MiB(`
    await blobs.put(filled(3.5 * 1024 * 1024, 1));
    report.partly = await failure(blobs.put(filled(0.75 * 1024 * 1024, 2)));
    report.filesAfter = await files();
  `);

  expect(report).toEqual({ partly: full, filesAfter: 1 });
});

test('an object that fills the disk fails its stream and its commit with storage.full; abort gives the space back', async () => {
  const report = await onDiskOf4MiB(`
    const writer = await objects.create('bundles/a/1/1.zip');
    report.stream = await failure(pipeline(filled(8 << 20, 1), writer.stream));
    report.commit = await failure(writer.commit());
    await writer.abort();
    report.filesAfter = await files();
    report.published = (await Array.fromAsync(objects.list())).length;
  `);

  expect(report).toEqual({ stream: full, commit: full, filesAfter: 0, published: 0 });
});

test('check says storage.full on a full disk', async () => {
  const report = await onDiskOf4MiB(`
    const writer = await objects.create('bundles/a/1/1.zip');
    await failure(pipeline(filled(8 << 20, 1), writer.stream));
    report.full = await failure(check());
    await writer.abort();
    report.afterwards = await failure(check());
  `);

  expect(report).toEqual({ full, afterwards: 'none' });
});
