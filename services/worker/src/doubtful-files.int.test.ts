import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { doubtfulFiles } from './doubtful-files.ts';

async function setup() {
  const folder = await mkdtemp(path.join(tmpdir(), 'sheaf-doubtful-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'file');
  await writeFile(file, 'abc');
  return { folder, file };
}

test('files are doubtful that are not there, have another size, or cannot be looked at', async () => {
  const { folder, file } = await setup();

  const doubtful = await doubtfulFiles(
    [
      { path: file, size: 3 },
      { path: file, size: 4 },
      { path: path.join(folder, 'missing'), size: 3 },
      { path: path.join(file, 'below'), size: 3 },
      { path: file, size: 3 },
    ],
    new AbortController().signal,
  );

  expect(doubtful).toEqual([1, 2, 3]);
});

test('whoever stops meanwhile does not wait', async () => {
  const { file } = await setup();
  const stopping = new AbortController();
  const reason = new Error('stopped');

  const looking = doubtfulFiles([{ path: file, size: 3 }], stopping.signal);
  stopping.abort(reason);

  await expect(looking).rejects.toBe(reason);
});
