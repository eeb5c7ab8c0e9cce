import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { verifyAuditLog } from '@sheaf/db/audit/verify-audit-log';
import { createDatabase } from '@sheaf/db/database';
import { assets as assetsTable } from '@sheaf/db/schema/catalogue';
import { loadConfig } from '@sheaf/runtime/load-config';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../../../test/harness/postgres.ts';
import { setupWorker } from '../../../../test/harness/worker.ts';
import { lockFile } from '../folder-lock.ts';
import type { Manifest } from './manifest.ts';
import { type RestoreOptions, restoreBackup } from './restore-backup.ts';
import { writeBackup } from './write-backup.ts';

const secretKey = 'the secret key of this installation';

/** An installation with two assets and a ready download of both, and a folder for its backups. */
async function setup() {
  const worker = await setupWorker();
  const assets = [await worker.addAsset(), await worker.addAsset()];
  const downloadId = await worker.request({ assetIds: assets.map(({ assetId }) => assetId) });
  await worker.runJobs('gather', 'pack');
  const folder = await mkdtemp(path.join(tmpdir(), 'sheaf-test-backup-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const backup = path.join(folder, 'backup');

  /** An empty installation, and a way to restore into it. */
  async function elsewhere() {
    const target = await createTestDatabase({ migrate: false });
    const db = createDatabase(target.url, { maxConnections: 2 });
    onTestFinished(async () => {
      await db.close();
      await target.drop();
    });
    const data = path.join(await mkdtemp(path.join(folder, 'elsewhere-')), 'data');
    return {
      db,
      data,
      restore(from: string, options: Partial<RestoreOptions> & { key?: string | null } = {}) {
        const { key = secretKey, ...rest } = options;
        const env = { DATA_DIR: data, DATABASE_URL: target.url, ...(key !== null && { SECRET_KEY: key }) };
        const all = { copy: false, withoutSecretKey: false, withoutDamaged: false, ...rest };
        return restoreBackup(loadConfig(env), from, all, () => {});
      },
      /** Whether nothing is there but what every command makes. */
      async isUntouched() {
        const files = await filesIn(data);
        const [row] = await db.orm.execute("select to_regclass('public.users') is not null as migrated");
        const users = row?.migrated ? (await db.orm.execute('select from users')).length : 0;
        return users === 0 && files.every((file) => file.startsWith('logs') || file === 'lock');
      },
    };
  }

  return {
    ...worker,
    assets,
    downloadId,
    backup,
    elsewhere,
    write: (options: { copy?: boolean; includeSecretKey?: boolean } = {}, instead: Partial<typeof worker> = {}) =>
      writeBackup({ ...worker, ...instead }, backup, {
        copy: false,
        secretKey,
        includeSecretKey: false,
        ...options,
      }),
    async heldSeconds() {
      const [row] = await worker.db.orm.execute<{ seconds: number }>(
        'select extract(epoch from held_until - now())::float8 as seconds from storage_care',
      );
      return row!.seconds;
    },
    /** A copy of the backup, changed. */
    async changed(change: (copy: string, manifest: Manifest) => Promise<unknown>): Promise<string> {
      const copy = await mkdtemp(path.join(folder, 'changed-'));
      await cp(backup, copy, { recursive: true });
      await change(copy, JSON.parse(await readFile(path.join(copy, 'manifest.json'), 'utf8')));
      return copy;
    },
  };
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
}

const blobFile = (folder: string, sha256: string) =>
  path.join(folder, 'blobs', sha256.slice(0, 2), sha256.slice(2, 4), sha256);

const failingPath = (): never => {
  throw new Error('gone');
};

async function flip(file: string): Promise<void> {
  const bytes = await readFile(file);
  bytes[0]! ^= 1;
  await writeFile(file, bytes);
}

test('every row of every table and every file is there again, and the chain of the audit log holds', async () => {
  const { write, backup, elsewhere, db, storageFolder } = await setup();
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
  const { write, backup, elsewhere, db } = await setup();
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
  const { write, backup, addAsset, db, storage } = await setup();
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
  const { write, backup, assets, storage } = await setup();
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

test('the files are held until the last of several backups has ended, and then for no longer than minutes', async () => {
  const { write, storage, heldSeconds } = await setup();
  const whileCopying: Promise<number>[] = [];
  const path = (sha256: string) => {
    if (whileCopying.length === 0) whileCopying.push(heldSeconds());
    return storage.blobs.path(sha256);
  };
  await write({}, { storage: { ...storage, blobs: { ...storage.blobs, path } } });
  // Whichever of two ends first leaves the other's hold as it is.
  await expect(
    write({}, { storage: { ...storage, blobs: { ...storage.blobs, path: failingPath } } }),
  ).rejects.toThrow();
  for (const seconds of [await whileCopying[0], await heldSeconds()]) {
    expect(seconds).toBeGreaterThan(60);
    expect(seconds).toBeLessThanOrEqual(300);
  }
});

test('a backup whose hold has lapsed is none, also where it did not notice before its end', async () => {
  const { write, db, backup } = await setup();
  const execute: typeof db.orm.execute = (query) =>
    db.orm
      .execute("update storage_care set held_until = now() - interval '1 second'")
      .then(() => db.orm.execute(query)) as never;
  const lapsing = { ...db, orm: Object.assign(Object.create(db.orm), { execute }) };
  await expect(write({}, { db: lapsing })).rejects.toMatchObject({ code: 'resource.conflict' });
  expect(await readdir(backup)).not.toContain('manifest.json');
});

test('a second backup into the same folder is refused while the first one writes', async () => {
  const { write, backup } = await setup();
  await write();
  const first = lockFile(path.join(backup, 'lock'));
  await expect(write()).rejects.toMatchObject({ code: 'resource.conflict', message: expect.stringContaining(backup) });
  first.release();
  expect((await write()).added.files).toBe(0);
});

test('damaged and missing files are left out and counted; a folder with something else in it is refused', async () => {
  const { write, backup, assets, storage, storageFolder } = await setup();
  await storage.blobs.remove(assets[0]!.blob.sha256);
  await flip(storage.blobs.path(assets[1]!.blob.sha256)!);
  const { manifest } = await write({ copy: true });
  expect(manifest).toMatchObject({ blobsNotThere: 2, blobs: { files: 0 } });
  await rm(path.join(backup, 'sheaf-backup'));
  await expect(write()).rejects.toMatchObject({ code: 'resource.conflict' });
  expect(await filesIn(path.join(storageFolder, 'blobs'))).toHaveLength(1);
});

test('a later backup keeps its right copy of what has been damaged or lost since', async () => {
  const { write, backup, assets, storage, db } = await setup();
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
  const { write, backup, elsewhere, changed, assets } = await setup();
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
  const { write, elsewhere, changed, assets } = await setup();
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
  const { write, backup, elsewhere } = await setup();
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
  expect((await readFile(path.join(second.data, 'secret-key'), 'utf8')).trim()).toBe(secretKey);
  expect((await stat(path.join(second.data, 'secret-key'))).mode & 0o777).toBe(0o600);
});
