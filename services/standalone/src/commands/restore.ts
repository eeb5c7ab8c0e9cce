import path from 'node:path';
import { AppError } from '@sheaf/domain/app-error';
import { loadConfig } from '@sheaf/runtime/load-config';
import { checkBackup } from '../backup/check-backup.ts';
import { readManifest } from '../backup/manifest.ts';
import { restoreBackup } from '../backup/restore-backup.ts';
import { formatBytes } from '../format-bytes.ts';

export interface RestoreCommandOptions {
  check?: boolean;
  copy?: boolean;
  withoutSecretKey?: boolean;
  withoutDamaged?: boolean;
}

/** `sheaf restore`: into the empty installation that the environment points to; with `check`, nowhere. */
export async function restore(env: NodeJS.ProcessEnv, folder: string, options: RestoreCommandOptions): Promise<void> {
  if (options.check) return check(path.resolve(folder));
  const { manifest, secretsLost, filesLost } = await restoreBackup(
    loadConfig(env),
    path.resolve(folder),
    {
      copy: options.copy ?? false,
      withoutSecretKey: options.withoutSecretKey ?? false,
      withoutDamaged: options.withoutDamaged ?? false,
    },
    console.error,
  );
  const { tables, blobs, blobsNotThere, objects, createdAt } = manifest;
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  console.log(
    `Restored and verified, as of ${createdAt}: ${rows} rows, ${blobs.files} files (${formatBytes(blobs.bytes)}),`,
  );
  console.log(`${objects.files} of ready archives.`);
  if (blobsNotThere > 0) console.error(`${blobsNotThere} files were missing or damaged when the backup was made.`);
  if (filesLost > 0) console.error(`${filesLost} files are missing or damaged in the backup, and lost.`);
  if (secretsLost) console.error('What the secret key sealed is lost: webhooks are off, and a new key signs receipts.');
}

async function check(folder: string): Promise<void> {
  const manifest = await readManifest(folder);
  const faulty = [...(await checkBackup(folder, manifest)).values()];
  for (const { message } of faulty) console.error(`sheaf: ${message}`);
  if (faulty.length > 0) {
    throw new AppError('blob.corrupt', `${faulty.length} files of the backup of ${manifest.createdAt} are not whole.`);
  }
  console.log(
    `The backup of ${manifest.createdAt} is whole: ${manifest.blobs.files} files, ${manifest.tables.length} tables.`,
  );
}
