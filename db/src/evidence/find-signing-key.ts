import { desc, isNull } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { signingKeys } from '../schema/evidence.ts';
import type { SigningKeyRecord } from './signing-key.ts';

/** The key that signs now; null before the first one was made. */
export async function findSigningKey(executor: Executor): Promise<SigningKeyRecord | null> {
  const [key] = await executor
    .select({
      kid: signingKeys.kid,
      publicKey: signingKeys.publicKey,
      sealedPrivateKey: signingKeys.sealedPrivateKey,
    })
    .from(signingKeys)
    .where(isNull(signingKeys.retiredAt))
    .orderBy(desc(signingKeys.createdAt), desc(signingKeys.kid))
    .limit(1);
  return key ?? null;
}
