import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checkFiles } from './doubtful-files.ts';

async function setup() {
  const folder = await mkdtemp(path.join(tmpdir(), 'sheaf-doubtful-'));
  const stopping = new AbortController();
  const check = checkFiles(stopping.signal);
  onTestFinished(async () => {
    check.close();
    await rm(folder, { recursive: true, force: true });
  });
  const file = path.join(folder, 'file');
  await writeFile(file, 'abc');
  return { folder, file, check, stopping };
}

test('files are doubtful that are not there, have another size, or cannot be looked at', async () => {
  const { folder, file, check } = await setup();

  check.add([
    { path: file, size: 3 },
    { path: file, size: 4 },
  ]);
  check.add([]);
  check.add([
    { path: path.join(folder, 'missing'), size: 3 },
    { path: path.join(file, 'below'), size: 3 },
    { path: file, size: 3 },
  ]);

  expect(await check.doubtful()).toEqual([1, 2, 3]);
});

test('whoever stops meanwhile does not wait', async () => {
  const { file, check, stopping } = await setup();
  const reason = new Error('stopped');

  check.add([{ path: file, size: 3 }]);
  const looking = check.doubtful();
  stopping.abort(reason);

  await expect(looking).rejects.toBe(reason);
});
