import path from 'node:path';
import { pendingMigrations } from '@sheaf/db/migrate';
import { AppError } from '@sheaf/domain/app-error';
import { loadConfig } from '@sheaf/runtime/load-config';
import { tellBackup } from '../backup/tell-backup.ts';
import { writeBackup } from '../backup/write-backup.ts';
import { keptSecretKey } from '../data-folder.ts';
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
    const written = await writeBackup(installation, path.resolve(folder), {
      copy: options.copy ?? false,
      secretKey: settings.SECRET_KEY ?? (await keptSecretKey(settings.DATA_DIR)),
      includeSecretKey: options.withSecretKey ?? false,
    });
    const { told, missing } = tellBackup(written);
    for (const line of told) console.log(line);
    for (const line of missing) console.error(line);
  } finally {
    await installation.close();
  }
}
