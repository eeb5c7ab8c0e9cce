import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { listSigningKeys } from '@sheaf/db/evidence/list-signing-keys';
import { AppError } from '@sheaf/domain/app-error';
import { keySetOf, type PublicKeys, parseKeySet } from '@sheaf/evidence/key-set';
import { errorMessage } from '@sheaf/runtime/loggable-error';
import type { Settings } from '@sheaf/runtime/settings';
import { dataFolderAt } from './data-folder.ts';
import { openInstallation } from './open-installation.ts';

const patienceMs = 15_000;

/** The public keys in a file or at a URL. Throws `input.invalid` where there are none. */
export async function loadKeys(source: string): Promise<PublicKeys> {
  const keys = parseKeySet(await readSource(source));
  if (keys === null || keys.size === 0) {
    throw new AppError('input.invalid', `In ${source} there are no keys as /.well-known/sheaf-keys.json lists them.`);
  }
  return keys;
}

async function readSource(source: string): Promise<string> {
  try {
    if (!/^https?:\/\//i.test(source)) return await readFile(source, 'utf8');
    const answer = await fetch(source, { signal: AbortSignal.timeout(patienceMs) });
    if (!answer.ok) throw new Error(`the server answered with status ${answer.status}`);
    return await answer.text();
  } catch (cause) {
    const message = `The keys cannot be read from ${source}: ${errorMessage(cause)}`;
    throw new AppError('input.invalid', message, { cause });
  }
}

/**
 * The public keys of the installation that the settings point to. Throws `input.invalid` where there is none: looking
 * for keys must not make one.
 */
export async function keysOfInstallation(settings: Settings): Promise<PublicKeys> {
  if (!settings.DATABASE_URL && !existsSync(dataFolderAt(settings.DATA_DIR).postgres)) {
    throw new AppError(
      'input.invalid',
      'Name the keys of the instance that made the archive: --keys <file or URL>, such as https://sheaf.example/.well-known/sheaf-keys.json.',
    );
  }
  const installation = await openInstallation(settings, console.error, { migrate: false });
  try {
    return keySetOf((await listSigningKeys(installation.db.orm)).map(({ publicKey }) => publicKey));
  } finally {
    await installation.close();
  }
}
