import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { blobPath } from './manifest.ts';

const snapshot = 'snapshot-new';
const lists = { blobs: { file: 'blobs.ndjson' }, objects: { file: 'objects.ndjson' } };

/** A backup that names so many blobs, of which it has the first. */
async function setup(blobs: number) {
  const folder = await mkdtemp(path.join(tmpdir(), 'sheaf-test-older-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const names = Array.from({ length: blobs }, (_, index) => createHash('sha256').update(`${index}`).digest('hex'));
  const put = async (...segments: string[]) => {
    const file = path.join(folder, ...segments);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, '');
    return file;
  };
  await put(snapshot, 'users.ndjson');
  await writeFile(
    path.join(folder, snapshot, lists.blobs.file),
    names.map((sha256) => `${JSON.stringify({ sha256, size: 0 })}\n`).join(''),
  );
  const key = 'bundles/0198c0de-0000-7000-8000-000000000001/1/1.zip';
  const object = JSON.stringify({ key, size: 0, sha256: names[0] });
  await writeFile(path.join(folder, snapshot, lists.objects.file), `${object}\n`);
  return { folder, key, names, put };
}

/** In a process that has room for its program, and not for many names. */
async function removeOlder(folder: string): Promise<void> {
  const module = new URL('./remove-older.ts', import.meta.url).href;
  const program = `
    const { removeOlder } = await import(${JSON.stringify(module)});
    await removeOlder(${JSON.stringify(folder)}, ${JSON.stringify({ snapshot, ...lists })});`;
  await promisify(execFile)(process.execPath, ['--max-old-space-size=24', '--input-type=module', '-e', program]);
}

test('what no list names goes, what one names stays, and memory does not grow with the number of names', async () => {
  const { folder, key, names, put } = await setup(300_000);
  const kept = [await put('blobs', blobPath(names[0]!)), await put('objects', ...key.split('/'))];
  const older = [
    await put('blobs', blobPath('f'.repeat(64))),
    await put('objects', 'bundles', 'gone', '1.zip'),
    await put('snapshot-old', 'users.ndjson'),
  ];

  await removeOlder(folder);

  expect(kept.map(existsSync)).toEqual([true, true]);
  expect(older.map(existsSync)).toEqual([false, false, false]);
  expect(existsSync(path.join(folder, snapshot, 'users.ndjson'))).toBe(true);
});
