import { execFile } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { dataFolders, processesOf, runSheaf } from './harness/sheaf-process.ts';

const run = promisify(execFile);
const folders = dataFolders();

afterEach(() => folders.removeAll());

/** Runs `sheaf demo --json` in an empty folder for temporary files. */
async function setup() {
  const parent = path.dirname(await folders.create());
  const demo = runSheaf(['demo', '--json'], { TMPDIR: parent });
  return { parent, demo, code: await demo.ended };
}

test('the demo ends with one line of JSON about an archive that other programs open and anybody can verify, and cleans up after itself', async () => {
  const { parent, demo, code } = await setup();
  expect(demo.stderr.split('\n').filter((line) => line.startsWith('sheaf:'))).toEqual([]);
  expect(code).toBe(0);
  const lines = demo.stdout.trim().split('\n');
  const result = JSON.parse(lines.at(-1)!);
  expect(lines).toHaveLength(1);
  expect(result).toMatchObject({
    state: 'ready',
    assets: 12,
    included: 8,
    excluded: 4,
    notifications: { email: 1, webhook: 1, inbox: 1 },
    verified: true,
    tamperedRejected: true,
    keys: `${result.file}.keys.json`,
  });
  expect(result.delivery).toBe('streamed');
  expect(result.secondsToReady).toBeGreaterThan(0);
  expect(await processesOf(parent)).toEqual([]);
  expect((await readdir(parent)).sort()).toEqual([path.basename(result.file), path.basename(result.keys)]);

  expect((await stat(result.file)).size).toBe(result.size);
  expect((await run('sha256sum', [result.file])).stdout.split(' ')[0]).toBe(result.sha256);
  expect((await run('unzip', ['-t', result.file])).stdout).toContain('No errors detected');
  expect((await run('7z', ['t', result.file])).stdout).toContain('Everything is Ok');
  const names = (await run('unzip', ['-Z1', result.file])).stdout.trim().split('\n');
  expect(names).toHaveLength(result.entries);
  expect(names).toEqual(
    expect.arrayContaining([
      'manifest.json',
      'receipt.json',
      'signature.json',
      expect.stringMatching(/^licences\/.+\.pdf$/),
    ]),
  );

  const genuine = await verify(result.file, result.keys, parent);
  expect(genuine).toEqual({ code: 0, stdout: expect.stringContaining(`${result.file} is genuine.\n`) });
  const changed = path.join(parent, 'changed.zip');
  await writeFile(changed, withOneByteChanged(await readFile(result.file)));
  const tampered = await verify(changed, result.keys, parent);
  expect(tampered).toEqual({ code: 1, stdout: expect.stringContaining(`${changed} is NOT genuine.\n`) });
});

/** With nothing but the two files: the installation that made them is gone. */
async function verify(file: string, keys: string, parent: string): Promise<{ code: unknown; stdout: string }> {
  const sheaf = runSheaf(['verify', file, '--keys', keys], { DATA_DIR: path.join(parent, 'none') });
  const code = await sheaf.ended;
  return { code, stdout: sheaf.stdout };
}

function withOneByteChanged(bytes: Buffer): Buffer {
  bytes[Math.floor(bytes.length / 3)]! ^= 1;
  return bytes;
}
