import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { failingPath, setupBackup } from '../../../../test/harness/backup.ts';
import { lockFile } from '../folder-lock.ts';

test('the files are held until the last of several backups has ended, and then for no longer than minutes', async () => {
  const { write, storage, heldSeconds } = await setupBackup();
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
  const { write, db, backup } = await setupBackup();
  const execute: typeof db.orm.execute = (query) =>
    db.orm
      .execute("update storage_care set held_until = now() - interval '1 second'")
      .then(() => db.orm.execute(query)) as never;
  const lapsing = { ...db, orm: Object.assign(Object.create(db.orm), { execute }) };
  await expect(write({}, { db: lapsing })).rejects.toMatchObject({ code: 'resource.conflict' });
  expect(await readdir(backup)).not.toContain('manifest.json');
});

test('a second backup into the same folder is refused while the first one writes', async () => {
  const { write, backup } = await setupBackup();
  await write();
  const first = lockFile(path.join(backup, 'lock'));
  await expect(write()).rejects.toMatchObject({ code: 'resource.conflict', message: expect.stringContaining(backup) });
  first.release();
  expect((await write()).added.files).toBe(0);
});
