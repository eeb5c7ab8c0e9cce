import { mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deleteAsset } from '@sheaf/db/catalogue/delete-asset';
import { insertLicence } from '@sheaf/db/catalogue/insert-licence';
import { listAssets } from '@sheaf/db/catalogue/list-assets';
import { writeVisibility } from '@sheaf/db/visibility/write-visibility';
import { defaultVisibility } from '@sheaf/domain/visibility-configuration';
import { noise } from '@sheaf/imaging/testing/pictures';
import { expect, onTestFinished, test } from 'vitest';
import { type ImportOptions, type ImportProgress, importFolder } from './import-folder.ts';
import { setupIngest } from './testing/ingest-setup.ts';

async function setup() {
  const bundle = await setupIngest();
  const { deps, db, tree } = bundle;
  return {
    ...bundle,
    run: (options: Partial<ImportOptions> = {}) =>
      importFolder(deps, tree, { approve: true, createdBy: null, ...options }),
    assets: async () => {
      const visibility = { approvedOnly: false, hideExpiredAt: null };
      return (await listAssets(db.orm, { filter: {}, visibility, limit: 200 })).items;
    },
  };
}

const unreadable = (path: string) => expect.objectContaining({ path, code: 'upload.unreadable' });

test('a tree of files is imported with its folders, hidden files left out', async () => {
  const { run, assets, writeTree } = await setup();
  await writeTree({
    'a.jpg': await noise(40, 30).jpeg().toBuffer(),
    'Campaigns/Spring/b.png': await noise(40, 30).png().toBuffer(),
    'Campaigns/notes.txt': 'notes',
    '.hidden': 'x',
    '.git/config': 'x',
  });
  expect(await run()).toEqual({ imported: 3, skipped: 0, failed: [], ignored: [] });
  const places = (await assets()).map(({ folder, fileName }) => `${folder}|${fileName}`);
  expect(places.sort()).toEqual(['Campaigns/Spring|b.png', 'Campaigns|notes.txt', '|a.jpg']);
});

test('files that cannot be imported are reported with their reasons, and the others are imported', async () => {
  const { run, assets, writeTree } = await setup();
  const jpeg = await noise(400, 300).jpeg().toBuffer();
  await writeTree({
    'good.jpg': jpeg,
    'cut.jpg': jpeg.subarray(0, jpeg.length / 2),
    'sub/text.jpg': 'text',
    'zero.txt': '',
  });
  const { imported, failed } = await run();
  expect(imported).toBe(1);
  expect(failed).toEqual([
    unreadable('cut.jpg'),
    unreadable('sub/text.jpg'),
    { path: 'zero.txt', code: 'upload.empty', message: 'The file is empty.' },
  ]);
  expect((await assets()).map(({ fileName }) => fileName)).toEqual(['good.jpg']);
});

test('an import that is repeated skips what is there and adds what is new', async () => {
  const { run, writeTree } = await setup();
  await writeTree({ 'a.txt': 'a', 'sub/b.txt': 'b' });
  await run();
  await writeTree({ 'sub/c.txt': 'c' });
  expect(await run()).toEqual({ imported: 1, skipped: 2, failed: [], ignored: [] });
});

test('a file that has changed since the last import is reported, and the catalogue keeps what it has', async () => {
  const { run, assets, writeTree } = await setup();
  await writeTree({ 'same size.txt': 'a', 'other size.txt': 'a' });
  await run();
  await writeTree({ 'same size.txt': 'b', 'other size.txt': 'longer' });
  const { imported, skipped, failed } = await run();
  expect([imported, skipped]).toEqual([0, 0]);
  expect(failed.map(({ path, code }) => [path, code])).toEqual([
    ['other size.txt', 'resource.conflict'],
    ['same size.txt', 'resource.conflict'],
  ]);
  expect((await assets()).map(({ renditions }) => renditions[0]?.blob?.size)).toEqual([1, 1]);
});

test('a deleted asset comes back with the next import', async () => {
  const { db, run, assets, writeTree } = await setup();
  await writeTree({ 'a.txt': 'a' });
  await run();
  await deleteAsset(db.orm, (await assets())[0]!.id, new Date());
  expect(await run()).toMatchObject({ imported: 1, skipped: 0 });
});

test('an interrupted import is finished by the next one, and nothing is there twice', async () => {
  const { run, assets, storedBlobs, writeTree } = await setup();
  const files = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`${index}.txt`, `file ${index}`]));
  await writeTree(files);
  const interruption = new AbortController();
  const onProgress = ({ filesDone }: ImportProgress) => {
    if (filesDone === 10) interruption.abort(new Error('interrupted'));
  };
  await expect(run({ signal: interruption.signal, onProgress })).rejects.toThrow('interrupted');
  const first = await assets();
  expect(first.length).toBeGreaterThanOrEqual(10);
  expect(first.length).toBeLessThan(40);
  expect(await storedBlobs()).toHaveLength(first.length);

  expect(await run()).toMatchObject({ imported: 40 - first.length, skipped: first.length, failed: [] });
  expect(new Set((await assets()).map(({ fileName }) => fileName)).size).toBe(40);
});

test('progress counts every file once', async () => {
  const { run, writeTree } = await setup();
  await writeTree({ 'a.txt': 'aa', 'b.txt': 'bbb', 'zero.txt': '' });
  const seen: ImportProgress[] = [];
  await run({ onProgress: (progress) => seen.push(progress) });
  expect(seen.map(({ filesDone }) => filesDone)).toEqual([1, 2, 3]);
  expect(seen.at(-1)).toEqual({ filesDone: 3, filesTotal: 3, bytesAdded: 5 });
});

test('links are not followed, neither out of the folder nor in circles', async () => {
  const { run, assets, tree, writeTree } = await setup();
  await writeTree({ 'a.txt': 'a' });
  await symlink('/etc/passwd', join(tree, 'passwd'));
  await symlink('..', join(tree, 'circle'));
  expect(await run()).toEqual({ imported: 1, skipped: 0, failed: [], ignored: ['circle', 'passwd'] });
  expect(await assets()).toHaveLength(1);
});

test('hostile and foreign names are imported as names', async () => {
  const { run, assets, tree, writeTree } = await setup();
  const names = [
    'CON',
    'a\\b.txt',
    'new\nline.txt',
    'rtl\u202Etxt.exe',
    'Photo.TXT',
    'photo.txt',
    '😀.txt',
    "o'brien.txt",
  ];
  await writeTree(Object.fromEntries(names.map((name, index) => [name, `${index}`])));
  await writeFile(Buffer.concat([Buffer.from(`${tree}/latin1-`), Buffer.from([0xe9]), Buffer.from('.txt')]), 'x');
  expect(await run()).toMatchObject({ imported: 9, failed: [] });
  expect((await assets()).map(({ fileName }) => fileName).sort()).toEqual(
    [
      'CON',
      'b.txt',
      'newline.txt',
      'rtltxt.exe',
      'Photo.TXT',
      'photo.txt',
      '😀.txt',
      "o'brien.txt",
      'latin1-\uFFFD.txt',
    ].sort(),
  );
});

test('two names that are one in the catalogue are reported as a conflict', async () => {
  const { run, writeTree } = await setup();
  await writeTree({ 'Caf\u00e9.txt': 'composed', 'Cafe\u0301.txt': 'decomposed' });
  const { imported, failed } = await run();
  expect([imported, failed.map(({ code }) => code)]).toEqual([1, ['resource.conflict']]);
});

test('a folder that cannot be read is reported, and the others are imported', async () => {
  const { run, tree, writeTree } = await setup();
  await writeTree({ 'a.txt': 'a' });
  // A path longer than the system takes in one piece, which stops even those who may read everything.
  const half = Array.from({ length: 12 }, () => 'x'.repeat(200)).join('/');
  const [upper, lower] = [join(tree, 'upper', half), join(tree, 'lower')];
  await mkdir(upper, { recursive: true });
  await mkdir(join(lower, half), { recursive: true });
  await rename(lower, join(upper, 'lower'));
  onTestFinished(() => rename(join(upper, 'lower'), lower));
  const { imported, failed } = await run();
  expect(imported).toBe(1);
  expect(failed).toEqual([
    expect.objectContaining({ code: 'upload.unreadable', message: expect.stringContaining('LONG') }),
  ]);
});

test('a folder that is not there is an error', async () => {
  const { run } = await setup();
  await expect(run()).rejects.toThrow(expect.objectContaining({ code: 'input.invalid' }));
});

test('a licence that is not there ends the import before anything is added', async () => {
  const { run, assets, writeTree } = await setup();
  await writeTree({ 'a.txt': 'a' });
  const licenceId = '0197fd3e-0000-7000-8000-000000000000';
  await expect(run({ licenceId })).rejects.toThrow(expect.objectContaining({ code: 'input.invalid' }));
  expect(await assets()).toEqual([]);
});

test('what is imported is put under the licence that was named', async () => {
  const { db, run, assets, writeTree } = await setup();
  await writeTree({ 'a.txt': 'a' });
  const licenceId = await insertLicence(db.orm, {
    title: 'Press',
    approved: true,
    documentSha256: null,
    expiresAt: null,
  });
  await run({ licenceId });
  expect((await assets())[0]).toMatchObject({ licenceId });
});

test('rule 9: what is imported is not approved, unless that was asked for or auto-approval is on', async () => {
  const { db, run, assets, writeTree } = await setup();
  const statuses = async () => Object.fromEntries((await assets()).map(({ fileName, status }) => [fileName, status]));
  await writeTree({ 'first.txt': '1' });
  await run({ approve: false });
  await writeTree({ 'second.txt': '2' });
  await run({ approve: true });
  const configuration = { ...defaultVisibility, autoApproval: true };
  await writeVisibility(db.orm, { configuration, changedBy: null, changedAt: new Date() });
  await writeTree({ 'third.txt': '3' });
  await run({ approve: false });
  expect(await statuses()).toEqual({ 'first.txt': 'draft', 'second.txt': 'approved', 'third.txt': 'approved' });
});
