import path from 'node:path';
import { pendingMigrations } from '@sheaf/db/migrate';
import { AppError } from '@sheaf/domain/app-error';
import { loadConfig } from '@sheaf/runtime/load-config';
import { writeBackup } from '../backup/write-backup.ts';
import { keptSecretKey } from '../data-folder.ts';
import { formatBytes } from '../format-bytes.ts';
import { openInstallation } from '../open-installation.ts';

/** `sheaf backup`: beside a running installation, or with its database alone. */
export async function backup(
  env: NodeJS.ProcessEnv,
  folder: string,
  options: { copy?: boolean; withSecretKey?: boolean },
): Promise<void> {
  const settings = loadConfig(env);
  const installation = await openInstallation(settings, console.error, { migrate: false });
  try {
    if ((await pendingMigrations(installation.databaseUrl)) !== 0) {
      throw new AppError('resource.conflict', 'The database is not at this version. Run sheaf migrate first.');
    }
    const { manifest, added } = await writeBackup(installation, path.resolve(folder), {
      copy: options.copy ?? false,
      secretKey: settings.SECRET_KEY ?? (await keptSecretKey(settings.DATA_DIR)),
      includeSecretKey: options.withSecretKey ?? false,
    });
    const { blobs, objects, tables, blobsNotThere } = manifest;
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    console.log(
      `Backed up as of ${manifest.createdAt}: ${rows} rows, ${blobs.files} files (${formatBytes(blobs.bytes)}),`,
    );
    console.log(
      `${objects.files} of ready archives. New in the backup: ${added.files} files (${formatBytes(added.bytes)}).`,
    );
    if (blobsNotThere > 0) console.error(`${blobsNotThere} files are missing or damaged and not in the backup.`);
    if (!manifest.secretKeyIncluded) {
      console.log('The secret key is not in it: keep it elsewhere, for without it sealed secrets are lost.');
    }
  } finally {
    await installation.close();
  }
}
