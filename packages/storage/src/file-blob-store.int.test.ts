import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { describeBlobStore } from './blob-store.conformance.ts';
import { createFileStorage } from './file-storage.ts';
import { readVerified } from './verified-read.ts';

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function setup() {
  const root = await mkdtemp(join(tmpdir(), 'sheaf-storage-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const { blobs, objects } = createFileStorage(root);
  return { root, blobs, objects };
}

describeBlobStore('file system', async () => {
  const root = await mkdtemp(join(tmpdir(), 'sheaf-storage-'));
  const { blobs } = createFileStorage(root);
  return {
    store: blobs,
    overwrite: (sha256, bytes) => writeFile(join(root, 'blobs', sha256.slice(0, 2), sha256.slice(2, 4), sha256), bytes),
    async count() {
      return {
        blobs: (await filesBelow(join(root, 'blobs'))).length,
        temporary: (await filesBelow(join(root, 'temporary'))).length,
      };
    },
    close: () => rm(root, { recursive: true, force: true }),
  };
});

test('a blob lies in two levels of folders named by its first digits', async () => {
  const { root, blobs } = await setup();

  const { sha256 } = await blobs.put(Readable.from([Buffer.from('sheaf')]));

  const path = join(root, 'blobs', sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  expect(await readFile(path, 'utf8')).toBe('sheaf');
});

test('folders that were removed meanwhile are made again', async () => {
  const { root, blobs } = await setup();
  await blobs.put(Readable.from([Buffer.from('sheaf')]));
  await rm(root, { recursive: true });

  expect(await blobs.put(Readable.from([Buffer.from('sheaf')]))).toMatchObject({ created: true });
});

/** A process of its own that stores bytes without end and says when the first batch is on disk. */
function startEndlessPut(root: string): ChildProcess {
  const storageUrl = new URL('./file-storage.ts', import.meta.url);
  const program = `
    import { readdirSync } from 'node:fs';
    import { createFileStorage } from ${JSON.stringify(storageUrl.href)};
    async function* endless() {
      const chunk = Buffer.alloc(1 << 20);
      for (let count = 0; ; count += 1) {
        if (count < 8) yield chunk;
        else {
          if (count === 8) console.log('under way', readdirSync(process.argv[1] + '/temporary').length);
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      }
    }
    await createFileStorage(process.argv[1]).blobs.put(endless());`;
  return spawn(process.execPath, ['--input-type=module', '--eval', program, root], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

test('a process killed in the middle of a put leaves no blob, and the sweep removes what it left', async () => {
  const { root, blobs, objects } = await setup();
  const child = startEndlessPut(root);
  onTestFinished(() => void child.kill('SIGKILL'));
  const [said] = await once(child.stdout!, 'data');
  expect(String(said)).toBe('under way 1\n');

  child.kill('SIGKILL');
  await once(child, 'exit');

  expect(await filesBelow(join(root, 'blobs'))).toEqual([]);
  expect(await filesBelow(join(root, 'temporary'))).toHaveLength(1);
  expect(await objects.sweepTemporary(new Date(Date.now() - 3_600_000))).toBe(0);
  expect(await objects.sweepTemporary(new Date(Date.now() + 1_000))).toBe(1);
  expect(await filesBelow(root)).toEqual([]);
  expect(await blobs.put(Readable.from([Buffer.from('after')]))).toMatchObject({ created: true });
});

test('a storage folder that is a file is storage.unavailable, for each call that would use it', async () => {
  const { root } = await setup();
  const path = join(root, 'not-a-folder');
  await writeFile(path, 'in the way');
  await chmod(path, 0o400);
  const { blobs, check } = createFileStorage(path);
  const unavailable = { code: 'storage.unavailable', retryable: true };

  await expect(blobs.put(Readable.from([Buffer.from('x')]))).rejects.toMatchObject(unavailable);
  await expect(blobs.read('0'.repeat(64))).rejects.toMatchObject(unavailable);
  await expect(blobs.stat('0'.repeat(64))).rejects.toMatchObject(unavailable);
  await expect(check()).rejects.toMatchObject(unavailable);
});

test('a blob of a storage folder that is away is storage.unavailable, and there again with the folder', async () => {
  const { root, blobs } = await setup();
  const stored = await blobs.put(Readable.from([Buffer.from('x')]));
  const unavailable = { code: 'storage.unavailable', retryable: true };

  await rename(join(root, 'blobs'), join(root, 'away'));
  await expect(blobs.stat(stored.sha256)).rejects.toMatchObject(unavailable);
  await expect(blobs.read(stored.sha256)).rejects.toMatchObject(unavailable);
  await expect(readVerified(blobs, stored)).rejects.toMatchObject(unavailable);

  await rename(join(root, 'away'), join(root, 'blobs'));
  expect(await blobs.stat(stored.sha256)).toEqual({ size: 1 });
});

test('check succeeds on a folder that does not exist yet, and leaves no file', async () => {
  const { root } = await setup();
  const inner = join(root, 'new', 'data');

  await createFileStorage(inner).check();

  expect(await filesBelow(inner)).toEqual([]);
});
