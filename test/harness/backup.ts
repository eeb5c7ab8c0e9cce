import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDatabase } from '@sheaf/db/database';
import { loadConfig } from '@sheaf/runtime/load-config';
import type { Manifest } from '@sheaf/standalone/backup/manifest';
import { type RestoreOptions, restoreBackup } from '@sheaf/standalone/backup/restore-backup';
import { writeBackup } from '@sheaf/standalone/backup/write-backup';
import { onTestFinished } from 'vitest';
import { createTestDatabase } from './postgres.ts';
import { setupWorker } from './worker.ts';

export const backupSecretKey = 'the secret key of this installation';

/** An installation with two assets and a ready download of both, and a folder for its backups. */
export async function setupBackup() {
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
        const { key = backupSecretKey, ...rest } = options;
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
        secretKey: backupSecretKey,
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

/** Relative paths of all files in a folder, none where there is none. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
}

/** As `path` of a storage: what asks for it fails. */
export const failingPath = (): never => {
  throw new Error('gone');
};
