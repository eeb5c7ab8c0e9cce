import { readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { freePort } from './harness/free-port.ts';
import { dataFolders, runSheaf } from './harness/sheaf-process.ts';

const folders = dataFolders();
const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  await folders.removeAll();
});

/** A data folder with the sample catalogue and a first download, with what was downloaded of it. */
async function setup() {
  const data = await folders.create();
  const backup = path.join(path.dirname(data), 'backup');
  const command = async (args: string[], env: Record<string, string> = {}) => {
    const sheaf = runSheaf(args, { DATA_DIR: data, ...env });
    cleanUps.push(() => sheaf.kill('SIGKILL'));
    const code = await sheaf.ended;
    return { code, stdout: sheaf.stdout, stderr: sheaf.stderr };
  };
  async function start(folder: string) {
    const port = await freePort();
    const sheaf = runSheaf(['start'], { DATA_DIR: folder, PORT: String(port) });
    cleanUps.push(() => sheaf.kill('SIGKILL'));
    await sheaf.printed(/Press Ctrl-C to stop/);
    return {
      url: `http://127.0.0.1:${port}`,
      stdout: sheaf.stdout,
      async stop() {
        sheaf.kill('SIGINT');
        expect(await sheaf.ended).toBe(0);
      },
    };
  }
  return { data, backup, command, start };
}

async function fetchBytes(url: string): Promise<Buffer> {
  const answer = await fetch(url);
  expect(answer.status).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
}

/** Relative paths and sizes of all files in a folder. */
async function filesIn(folder: string): Promise<Map<string, number>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const sizes = await Promise.all(
    files.map(async (file) => [path.relative(folder, file), (await stat(file)).size] as const),
  );
  return new Map(sizes);
}

test('what was backed up while it ran is restored elsewhere, starts, and gives the same archive by the same link, byte for byte', {
  timeout: 240_000,
}, async () => {
  const { data, backup, command, start } = await setup();
  const first = await start(data);
  const link = new URL(first.stdout.match(/http\S+\/d\/\S+/)![0]).pathname;
  const archive = await fetchBytes(`${first.url}${link}`);

  const backedUp = await command(['backup', backup, '--with-secret-key']);
  expect(backedUp).toMatchObject({ code: 0, stderr: '' });
  const manifest = JSON.parse(await readFile(path.join(backup, 'manifest.json'), 'utf8'));
  expect(manifest).toMatchObject({ format: 1, secretKeyIncluded: true, blobsNotThere: 0, objectsNotThere: 0 });
  expect(manifest.blobs.files).toBeGreaterThan(20);
  expect(await filesIn(path.join(backup, 'blobs'))).toHaveProperty('size', manifest.blobs.files);

  // Nothing is new but what happened meanwhile, and nothing is copied twice.
  const again = await command(['backup', backup, '--with-secret-key']);
  expect(again.stdout).toContain('New in the backup: 0 files');
  await first.stop();

  const elsewhere = await folders.create();
  const restored = await command(['restore', backup], { DATA_DIR: elsewhere });
  expect(restored).toMatchObject({ code: 0, stderr: '' });
  expect(await command(['audit', 'verify'], { DATA_DIR: elsewhere })).toMatchObject({ code: 0 });
  // The original is no longer needed.
  await rm(data, { recursive: true });
  const second = await start(elsewhere);
  expect(second.stdout).not.toContain('Samples');
  expect((await fetchBytes(`${second.url}${link}`)).equals(archive)).toBe(true);
  await second.stop();

  expect((await command(['restore', backup, '--check'])).stdout).toMatch(/^The backup of \S+ is whole: \d+ files/);
  const intoIt = await command(['restore', backup], { DATA_DIR: elsewhere });
  expect(intoIt).toMatchObject({ code: 1, stdout: '' });
  expect(intoIt.stderr).toMatch(
    /^sheaf: A backup is restored into an empty installation alone: .* has blobs, .*postgres/,
  );
});
