import { desc, isNull } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { signingKeys } from '../schema/evidence.ts';

/**
 * Every public key that the instance ever signed with, the newest first: what was signed stays verifiable. But for those
 * that were revoked: somebody else can sign with them.
 */
export async function listSigningKeys(
  executor: Executor,
): Promise<{ kid: string; publicKey: Buffer; createdAt: Date; retiredAt: Date | null }[]> {
  return executor
    .select({
      kid: signingKeys.kid,
      publicKey: signingKeys.publicKey,
      createdAt: signingKeys.createdAt,
      retiredAt: signingKeys.retiredAt,
    })
    .from(signingKeys)
    .where(isNull(signingKeys.revokedAt))
    .orderBy(desc(signingKeys.createdAt), desc(signingKeys.kid));
}
