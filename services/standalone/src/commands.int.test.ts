import { mkdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { insertLicence } from '@sheaf/db/catalogue/insert-licence';
import { listAssets } from '@sheaf/db/catalogue/list-assets';
import { heartbeatWorker } from '@sheaf/db/workers/heartbeat-worker';
import { expect, onTestFinished, test } from 'vitest';
import { setupInstallation } from '../../../test/harness/installation.ts';
import { createTestDatabase } from '../../../test/harness/postgres.ts';
import { freePort } from './free-port.ts';
import { sampleContent } from './samples/sample-content.ts';

async function setup() {
  const { db, folder, sheaf } = await setupInstallation();
  return {
    db,
    folder,
    sheaf,
    async tree(files: Record<string, string | Uint8Array>): Promise<string> {
      const root = path.join(folder, 'tree');
      for (const [name, content] of Object.entries(files)) {
        await mkdir(path.dirname(path.join(root, name)), { recursive: true });
        await writeFile(path.join(root, name), content);
      }
      return root;
    },
    async assets() {
      const visibility = { approvedOnly: false, hideExpiredAt: null };
      const { items } = await listAssets(db.orm, { filter: {}, visibility, limit: 100 });
      return items.map(({ folder, fileName, status, licenceId }) => ({ folder, fileName, status, licenceId }));
    },
  };
}

test('import keeps the folders below the target, puts the assets under the licence, and approves them', async () => {
  const { db, sheaf, tree, assets } = await setup();
  const licenceId = await insertLicence(db.orm, {
    title: 'Stock',
    approved: true,
    documentSha256: null,
    expiresAt: null,
  });
  const root = await tree({ 'notes.txt': 'notes', 'deep/er/list.csv': 'a,b' });
  const { code, stdout } = await sheaf(['import', root, '--folder', 'Target', '--licence', 'stock', '--approve']);
  expect(stdout).toContain('2 added (8 bytes), 0 already there, 0 failed.');
  expect(code).toBe(0);
  expect((await assets()).toSorted((a, b) => a.folder.localeCompare(b.folder))).toEqual([
    { folder: 'Target', fileName: 'notes.txt', status: 'approved', licenceId },
    { folder: 'Target/deep/er', fileName: 'list.csv', status: 'approved', licenceId },
  ]);
});

test('without --approve what is imported awaits approval', async () => {
  const { sheaf, tree, assets } = await setup();
  await sheaf(['import', await tree({ 'notes.txt': 'notes' })]);
  expect(await assets()).toMatchObject([{ status: 'draft' }]);
});

test('a repeated import adds nothing', async () => {
  const { sheaf, tree, assets } = await setup();
  const root = await tree({ 'notes.txt': 'notes' });
  await sheaf(['import', root]);
  const { code, stdout } = await sheaf(['import', root]);
  expect(stdout).toContain('0 added (0 bytes), 1 already there, 0 failed.');
  expect(code).toBe(0);
  expect(await assets()).toHaveLength(1);
});

test('each file that cannot be imported is reported with its reason, the others are there, and the exit code is 1', async () => {
  const { sheaf, tree, assets } = await setup();
  const jpeg = await sampleContent({ content: { picture: 'nagasaki-boats' } });
  const root = await tree({
    'good.jpg': jpeg,
    'cut.jpg': jpeg.subarray(0, 20_000),
    'empty.txt': '',
    'text.jpg': 'text',
  });
  const { code, stdout, stderr } = await sheaf(['import', root]);
  expect(code).toBe(1);
  expect(stdout).toContain('1 added');
  expect(stderr.trim().split('\n')).toEqual([
    'failed  cut.jpg: The picture is incomplete: the file ends early or is damaged.',
    'failed  empty.txt: The file is empty.',
    'failed  text.jpg: The file is named as a picture, but it cannot be read as one.',
  ]);
  expect(await assets()).toMatchObject([{ fileName: 'good.jpg' }]);
});

test('importing what is not there, or under an unknown licence, is one clear line and changes nothing', async () => {
  const { folder, sheaf, tree, assets } = await setup();
  const missing = await sheaf(['import', path.join(folder, 'nowhere')]);
  expect(missing).toMatchObject({ code: 1, stdout: '' });
  expect(missing.stderr).toMatch(/^sheaf: The folder .*nowhere cannot be read: ENOENT\.\n$/);
  const unknown = await sheaf(['import', await tree({ 'a.txt': 'a' }), '--licence', 'Nope']);
  expect(unknown).toMatchObject({ code: 1, stderr: 'sheaf: There is no licence "Nope".\n' });
  expect(await assets()).toEqual([]);
});

test.each([
  [['strat'], "sheaf: unknown command 'strat' (Did you mean start?)\n"],
  [['import'], "sheaf: missing required argument 'folder'\n"],
])('%j is refused with one clear line and exit code 1', async (args, line) => {
  const { sheaf } = await setup();
  expect(await sheaf(args)).toEqual({ code: 1, stdout: '', stderr: line });
});

test('every fault of the environment is one line', async () => {
  const { sheaf } = await setup();
  const { code, stderr } = await sheaf(['start'], {
    env: { PORT: 'x', SMTP_URL: 'mail', DATABASE_URI: 'x', DATABASE_URL: '' },
  });
  expect(code).toBe(1);
  expect(stderr.trim().split('\n')).toHaveLength(3);
});

test('doctor finds a healthy installation healthy', async () => {
  const { sheaf } = await setup();
  const { code, stdout } = await sheaf(['doctor']);
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.slice(0, 16).trim().replace(/\s+/, ' ')),
  ).toEqual(
    ['service', 'database', 'migrations', 'clock', 'queue', 'storage', 'ffmpeg', 'records', 'work', 'objects'].map(
      (name) => `ok ${name}`,
    ),
  );
  expect(code).toBe(0);
  expect(await sheaf(['doctor', '--repair'])).toMatchObject({ code: 0, stdout: expect.not.stringContaining('mended') });
});

test('doctor --worker looks for a heartbeat of this host within the last minute, and at nothing else', async () => {
  const { db, sheaf } = await setup();
  const worker = { pid: 1, version: '0', rssBytes: 1 };
  await heartbeatWorker(db.orm, { ...worker, id: 'elsewhere', host: 'elsewhere' });
  const none = await sheaf(['doctor', '--worker']);
  expect(none).toMatchObject({ code: 1, stdout: `FAIL  worker      No worker runs on ${hostname()}.\n` });

  await heartbeatWorker(db.orm, { ...worker, id: 'here', host: hostname() });
  const alive = await sheaf(['doctor', '--worker']);
  expect(alive.stdout).toMatch(/^ok {4}worker {6}alive on \S+ \d+ s ago\n$/);
  expect(alive.code).toBe(0);

  await db.orm.execute("update workers set heartbeat_at = now() - interval '61 seconds'");
  const silent = await sheaf(['doctor', '--worker']);
  expect(silent.stdout).toMatch(/^FAIL {2}worker {6}The worker on \S+ has been silent for 6\d s\.\n$/);
  expect(silent.code).toBe(1);
});

test('doctor says what to do about missing migrations, about Redis that does not answer, and exits with 1', async () => {
  const { sheaf } = await setup();
  const empty = await createTestDatabase({ migrate: false });
  onTestFinished(() => empty.drop());
  const env = { DATABASE_URL: empty.url, REDIS_URL: `redis://127.0.0.1:${await freePort('127.0.0.1')}` };
  const { code, stdout } = await sheaf(['doctor'], { env });
  expect(stdout).toMatch(/^FAIL {2}migrations {2}\d+ missing; run sheaf migrate or sheaf start\.$/m);
  expect(stdout).toContain('FAIL  queue       The queue in redis does not answer; check REDIS_URL and the server.');
  expect(code).toBe(1);
  expect((await sheaf(['migrate'], { env: { DATABASE_URL: empty.url } })).code).toBe(0);
  expect((await sheaf(['doctor'], { env: { DATABASE_URL: empty.url } })).code).toBe(0);
});

test('doctor says that a database does not answer', async () => {
  const { sheaf } = await setup();
  const url = `postgres://nobody@127.0.0.1:${await freePort('127.0.0.1')}/none`;
  const { code, stdout } = await sheaf(['doctor'], { env: { DATABASE_URL: url } });
  expect(stdout).toContain('FAIL  database    The database cannot be reached.');
  expect(code).toBe(1);
});
