import { revokeSigningKey, rotateSigningKey } from '@sheaf/db/evidence/change-signing-key';
import type { SigningKeyRecord } from '@sheaf/db/evidence/signing-key';
import { AppError } from '@sheaf/domain/app-error';
import { newSigningKey } from '@sheaf/evidence/signing-key';
import { loadConfig } from '@sheaf/runtime/load-config';
import { createSealer } from '@sheaf/runtime/seal';
import type { Settings } from '@sheaf/runtime/settings';
import { keptSecretKey } from '../data-folder.ts';
import { openInstallation } from '../open-installation.ts';

/** `sheaf keys rotate`: a new key signs from now on; what the ones before it signed still verifies. */
export async function rotateKeys(env: NodeJS.ProcessEnv): Promise<void> {
  const settings = loadConfig(env);
  const key = await newSealedKey(settings);
  const installation = await openInstallation(settings, console.error);
  try {
    await installation.db.transaction((tx) => rotateSigningKey(tx, key, new Date()));
  } finally {
    await installation.close();
  }
  console.log(`From now on the key ${key.kid} signs. Those before it still verify what they signed.`);
}

/**
 * `sheaf keys revoke`: nothing that the key signed, or will sign, verifies any more. Where it was the one that signs, a new
 * one does from now on.
 */
export async function revokeKey(env: NodeJS.ProcessEnv, kid: string): Promise<void> {
  const settings = loadConfig(env);
  const key = await newSealedKey(settings);
  const installation = await openInstallation(settings, console.error);
  try {
    const next = await installation.db.transaction((tx) => revokeSigningKey(tx, kid, () => key, new Date()));
    console.log(`The key ${kid} is revoked: nothing that it signed verifies any more.`);
    if (next !== null) console.log(`From now on the key ${next.kid} signs.`);
  } finally {
    await installation.close();
  }
}

/** Throws `input.invalid` where there is no secret to seal the private key with. */
async function newSealedKey(settings: Settings): Promise<SigningKeyRecord> {
  const secretKey = settings.SECRET_KEY ?? (await keptSecretKey(settings.DATA_DIR));
  if (secretKey === null) {
    throw new AppError('input.invalid', 'SECRET_KEY is required: the private key is sealed with it.');
  }
  const { privateKey, ...key } = newSigningKey();
  return { ...key, sealedPrivateKey: createSealer(secretKey, 'signing').seal(privateKey) };
}
