import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '@sheaf/domain/app-error';
import type { Settings } from '@sheaf/runtime/settings';
import { type Manifest, secretKeyFile } from './manifest.ts';
import { secretKeyId } from './secret-key-id.ts';

export interface SecretKeyChoice {
  /** To be kept in the data folder; null where the environment has it, or a new one is made. */
  keep: string | null;
  secretsLost: boolean;
}

/**
 * The key that opens what the backup has sealed: of the environment, else of the backup. Throws `input.invalid` where there
 * is none, or another one, and that is not what was asked for.
 */
export async function chooseSecretKey(
  settings: Pick<Settings, 'SECRET_KEY'>,
  folder: string,
  { secretKeyId: id, secretKeyIncluded }: Manifest,
  { withoutSecretKey }: { withoutSecretKey: boolean },
): Promise<SecretKeyChoice> {
  const given = settings.SECRET_KEY ?? null;
  const included = secretKeyIncluded
    ? (await readFile(path.join(folder, secretKeyFile), 'utf8').catch(() => '')).trim() || null
    : null;
  const key = given ?? included;
  // Where nobody said which it is, the one that is given is believed.
  if (key !== null && (id === null || secretKeyId(key) === id)) {
    return { keep: given === null ? key : null, secretsLost: false };
  }
  if (withoutSecretKey) return { keep: null, secretsLost: true };
  throw new AppError(
    'input.invalid',
    key === null
      ? 'The secret key is not in the backup. Set SECRET_KEY to that of the installation, or say --without-secret-key: then links in old emails, webhooks and the signing key are lost.'
      : 'The secret key is not that of the backup. Set SECRET_KEY to that of the installation, or say --without-secret-key.',
  );
}
