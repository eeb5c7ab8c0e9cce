import { ensureSigningKey } from '@sheaf/db/evidence/change-signing-key';
import { findSigningKey } from '@sheaf/db/evidence/find-signing-key';
import { AppError } from '@sheaf/domain/app-error';
import { newSigningKey } from '@sheaf/evidence/signing-key';
import type { WorkerDeps } from './worker-deps.ts';

/** The instance's key that signs now, made where there is none yet; `privateKey` is PKCS #8 in base64. */
export async function currentSigningKey({
  db,
  sealers,
  clock,
}: Pick<WorkerDeps, 'db' | 'sealers' | 'clock'>): Promise<{ kid: string; privateKey: string }> {
  function make() {
    const { privateKey, ...key } = newSigningKey();
    return { ...key, sealedPrivateKey: sealers.signing.seal(privateKey) };
  }
  const key = (await findSigningKey(db.orm)) ?? (await db.transaction((tx) => ensureSigningKey(tx, make, clock())));
  try {
    return { kid: key.kid, privateKey: sealers.signing.open(key.sealedPrivateKey) };
  } catch (cause) {
    const message = 'The signing key was sealed with another SECRET_KEY. `sheaf keys rotate` makes a new one.';
    throw new AppError('internal', message, { detail: { kid: key.kid }, cause });
  }
}
