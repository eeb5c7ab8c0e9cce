import path from 'node:path';
import { loadConfig } from '@sheaf/runtime/load-config';
import { restoreBackup } from '../backup/restore-backup.ts';
import { formatBytes } from '../format-bytes.ts';

/** `sheaf restore`: into the empty installation that the environment points to. */
export async function restore(
  env: NodeJS.ProcessEnv,
  folder: string,
  options: { copy?: boolean; withoutSecretKey?: boolean },
): Promise<void> {
  const { manifest, secretsLost } = await restoreBackup(
    loadConfig(env),
    path.resolve(folder),
    { copy: options.copy ?? false, withoutSecretKey: options.withoutSecretKey ?? false },
    console.error,
  );
  const { tables, blobs, blobsNotThere, objects, createdAt } = manifest;
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  console.log(
    `Restored and verified, as of ${createdAt}: ${rows} rows, ${blobs.files} files (${formatBytes(blobs.bytes)}),`,
  );
  console.log(`${objects.files} of ready archives.`);
  if (blobsNotThere > 0) console.error(`${blobsNotThere} files were missing or damaged when the backup was made.`);
  if (secretsLost) console.error('What the secret key sealed is lost: webhooks are off, and a new key signs receipts.');
}
