import { loadConfig } from '@sheaf/runtime/load-config';
import { openInstallation } from '../open-installation.ts';

/** `sheaf migrate`: brings database and queue to this version. Any number of processes may do so at a time. */
export async function migrate(env: NodeJS.ProcessEnv): Promise<void> {
  const installation = await openInstallation(loadConfig(env), console.error);
  await installation.close();
  console.log('The database is at this version.');
}
