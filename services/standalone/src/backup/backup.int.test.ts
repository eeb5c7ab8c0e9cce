import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { verifyAuditLog } from '@sheaf/db/audit/verify-audit-log';
import { assets as assetsTable } from '@sheaf/db/schema/catalogue';
import { expect, test } from 'vitest';
import { backupSecretKey, failingPath, filesIn, setupBackup } from '../../../../test/harness/backup.ts';
import type { Manifest } from './manifest.ts';

const blobFile = (folder: string, sha256: string) =>
  path.join(folder, 'blobs', sha256.slice(0, 2), sha256.slice(2, 4), sha256);

async function flip(file: string): Promise<void> {
  const bytes = await readFile(file);
  bytes[0]! ^= 1;
  await writeFile(file, bytes);
}

test('every row of every table and every file is there again, and the chain of the audit log holds', async () => {
  const { write, backup, elsewhere, db, storageFolder } = await setupBackup();
  await write();
  const { restore, db: restored, data } = await elsewhere();
  expect(await restore(backup)).toMatchObject({ secretsLost: false, filesLost: 0 });

  const tables = await db.orm.execute<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public' and tablename not in ('workers', 'decisive_changes', 'storage_care')",
  );
  expect(tables.length).toBeGreaterThan(40);
  for (const { name } of tables) {
    const rows = `select (to_jsonb(t) - 'changed_in')::text as row from "${name}" t order by 1`;
    expect([...(await restored.orm.execute(rows))], name).toEqual([...(await db.orm.execute(rows))]);
  }
  expect(await verifyAuditLog(restored.orm, {})).toMatchObject({ fault: null });
  for (const kept of ['blobs', 'objects']) {
    expect((await filesIn(path.join(data, kept))).toSorted()).toEqual(
      (await filesIn(path.join(storageFolder, kept))).toSorted(),
    );
  }
  // What counts by itself goes on from where it was.
  const next = `insert into outbox (job, job_id, payload) values ('sweep', 'a', '{}') returning id`;
  const [[here], [there]] = [await db.orm.execute(next), await restored.orm.execute(next)];
  expect(there?.id).toBe(here?.id);
});

test('tables of many pages, and whatever is in their rows, are the same afterwards', async () => {
  const { write, backup, elsewhere, db } = await setupBackup();
  // Their files are known to be missing: rows alone.
  await db.orm.execute(`insert into blobs (sha256, size, crc32, fault)
    select md5(n::text) || md5((-n)::text), n, 0, 'missing' from generate_series(1, 12000) n`);
  const odd = 'a "quoted", (bracketed) \\\\N \\n, a\nnew line, a\ttab, 💾 and nothing else';
  await db.orm.update(assetsTable).set({ title: odd, expiresAt: null });
  for (let round = 0; round < 3; round += 1) await write();
  const { restore, db: restored } = await elsewhere();
  await restore(backup);
  for (const rows of [
    'select t::text as row from blobs t order by 1',
    'select t::text as row from assets t order by 1',
  ]) {
    expect([...(await restored.orm.execute(rows))]).toEqual([...(await db.orm.execute(rows))]);
  }
});

test('a later backup copies only what is new and leaves out what is no longer named; one that fails leaves the earlier one', async () => {
  const { write, backup, addAsset, db, storage } = await setupBackup();
  const first = await write();
  expect(first.added.files).toBe(first.manifest.blobs.files + first.manifest.objects.files);
  const before = await readFile(path.join(backup, 'manifest.json'), 'utf8');
  const failing = { ...storage, blobs: { ...storage.blobs, path: failingPath } };
  await expect(write({}, { storage: failing })).rejects.toThrow();
  expect(await readFile(path.join(backup, 'manifest.json'), 'utf8')).toBe(before);
  expect((await readdir(backup)).filter((name) => name.startsWith('snapshot-'))).toEqual([first.manifest.snapshot]);

  await db.orm.execute("update downloads set state = 'revoked'");
  const { blob } = await addAsset();
  const second = await write();
  expect(second.added).toEqual({ files: 1, bytes: blob.size });
  expect(second.manifest.objects.files).toBe(0);
  expect(await filesIn(path.join(backup, 'objects'))).toEqual([]);
  expect(await filesIn(path.join(backup, 'blobs'))).toHaveLength(second.manifest.blobs.files);
});

test('files are second names of the same file, or copies where that is asked for', async () => {
  const { write, backup, assets, storage } = await setupBackup();
  const { sha256 } = assets[0]!.blob;
  await write();
  const inodes = async () => [
    (await stat(storage.blobs.path(sha256)!)).ino,
    (await stat(blobFile(backup, sha256))).ino,
  ];
  expect(new Set(await inodes()).size).toBe(1);
  await rm(backup, { recursive: true });
  await write({ copy: true });
  expect(new Set(await inodes()).size).toBe(2);
});

test('damaged and missing files are left out and counted; a folder with something else in it is refused', async () => {
  const { write, backup, assets, storage, storageFolder } = await setupBackup();
  await storage.blobs.remove(assets[0]!.blob.sha256);
  await flip(storage.blobs.path(assets[1]!.blob.sha256)!);
  const { manifest } = await write({ copy: true });
  expect(manifest).toMatchObject({ blobsNotThere: 2, blobs: { files: 0 } });
  await rm(path.join(backup, 'sheaf-backup'));
  await expect(write()).rejects.toMatchObject({ code: 'resource.conflict' });
  expect(await filesIn(path.join(storageFolder, 'blobs'))).toHaveLength(1);
});

test('a later backup keeps its right copy of what has been damaged or lost since', async () => {
  const { write, backup, assets, storage, db } = await setupBackup();
  await write({ copy: true });
  const [marked, lost] = assets.map(({ blob }) => blob);
  await flip(storage.blobs.path(marked!.sha256)!);
  await db.orm.execute(`update blobs set fault = 'corrupt' where sha256 = '${marked!.sha256}'`);
  await storage.blobs.remove(lost!.sha256);

  const { manifest, added } = await write({ copy: true });

  expect(manifest).toMatchObject({ blobsNotThere: 0, blobs: { files: 2 } });
  expect(added.files).toBe(0);
  for (const { sha256 } of [marked!, lost!]) {
    expect(
      createHash('sha256')
        .update(await readFile(blobFile(backup, sha256)))
        .digest('hex'),
    ).toBe(sha256);
  }
});

test('a backup that is not whole is refused with the file that is not, and changes nothing', async () => {
  const { write, backup, elsewhere, changed, assets } = await setupBackup();
  await write({ copy: true });
  const { restore, isUntouched } = await elsewhere();
  const { sha256 } = assets[0]!.blob;
  const refused = async (from: string, error: object) => {
    await expect(restore(from)).rejects.toMatchObject(error);
    expect(await isUntouched()).toBe(true);
  };
  const invalid = { code: 'input.invalid' };
  await refused(path.join(backup, 'nowhere'), invalid);
  await refused(await changed((copy) => truncate(path.join(copy, 'manifest.json'), 100)), invalid);
  await refused(await changed((copy) => writeFile(path.join(copy, 'manifest.json'), '{"format":2}')), invalid);
  const missing = await changed((copy) => rm(blobFile(copy, sha256)));
  await refused(missing, { code: 'blob.missing', detail: { file: blobFile(missing, sha256) } });
  const damaged = await changed((copy) => flip(blobFile(copy, sha256)));
  await refused(damaged, { code: 'blob.corrupt', detail: { file: blobFile(damaged, sha256) } });
  const cut = await changed((copy, { snapshot }) => truncate(path.join(copy, snapshot, 'users.ndjson'), 5));
  await refused(cut, { code: 'blob.corrupt' });
  const line = await changed((copy, { snapshot }) => truncate(path.join(copy, snapshot, 'files-of-blobs.ndjson'), 90));
  await refused(line, { code: 'blob.corrupt' });
  const rewrite = (edit: (manifest: Manifest) => Partial<Manifest>) =>
    changed((copy, manifest) =>
      writeFile(path.join(copy, 'manifest.json'), JSON.stringify({ ...manifest, ...edit(manifest) })),
    );
  const older = await rewrite(({ migrations }) => ({ migrations: migrations.slice(1) }));
  await refused(older, { code: 'resource.conflict' });
  const counted = ({ tables: [first, ...rest] }: Manifest) => ({
    tables: [{ ...first!, rows: first!.rows + 1 }, ...rest],
  });
  await refused(await rewrite(counted), { code: 'blob.corrupt' });
  await refused(await rewrite(({ blobs }) => ({ blobs: { ...blobs, files: blobs.files + 1 } })), invalid);
  await refused(await rewrite(() => ({ snapshot: '../elsewhere' })), invalid);

  expect(await restore(backup)).toMatchObject({ filesLost: 0 });
  await expect(restore(backup)).rejects.toMatchObject({ code: 'resource.conflict' });
});

test('without a damaged file its asset is told as missing from the first moment on', async () => {
  const { write, elsewhere, changed, assets } = await setupBackup();
  await write({ copy: true });
  const { sha256 } = assets[0]!.blob;
  const damaged = await changed((copy) => flip(blobFile(copy, sha256)));
  const { restore, db, data } = await elsewhere();
  expect(await restore(damaged, { withoutDamaged: true })).toMatchObject({ filesLost: 1 });
  const faults = await db.orm.execute('select sha256, fault from blobs where fault is not null');
  expect([...faults]).toEqual([{ sha256, fault: 'missing' }]);
  expect((await filesIn(path.join(data, 'blobs'))).map((file) => path.basename(file))).toEqual([
    assets[1]!.blob.sha256,
  ]);
});

test('the secret key is asked for, told from another one, taken from the backup, or given up with what it sealed', async () => {
  const { write, backup, elsewhere } = await setupBackup();
  await write();
  const first = await elsewhere();
  await expect(first.restore(backup, { key: null })).rejects.toMatchObject({ code: 'input.invalid' });
  const another = { key: 'another secret key, which is long enough' };
  await expect(first.restore(backup, another)).rejects.toMatchObject({ code: 'input.invalid' });
  expect(await first.isUntouched()).toBe(true);
  expect(await first.restore(backup, { ...another, withoutSecretKey: true })).toMatchObject({ secretsLost: true });
  const [sealed] = await first.db.orm.execute(
    'select (select count(*)::int from links where sealed_token is not null) as links, (select count(*)::int from signing_keys where retired_at is null) as keys',
  );
  expect(sealed).toEqual({ links: 0, keys: 0 });

  expect(await filesIn(backup)).not.toContain('secret-key');
  await write({ includeSecretKey: true });
  const second = await elsewhere();
  expect(await second.restore(backup, { key: null })).toMatchObject({ secretsLost: false });
  expect((await readFile(path.join(second.data, 'secret-key'), 'utf8')).trim()).toBe(backupSecretKey);
  expect((await stat(path.join(second.data, 'secret-key'))).mode & 0o777).toBe(0o600);
});
