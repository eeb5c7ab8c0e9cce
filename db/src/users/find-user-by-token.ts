import { and, eq, gt, isNull, or } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { apiTokens, users } from '../schema/auth.ts';
import { type User, userColumns } from './user.ts';

export interface TokenOwner {
  user: User;
  tokenId: string;
  lastUsedAt: Date | null;
}

/** Whose token it is, when it is neither revoked nor expired. The user may be disabled: look at `disabledAt`. */
export async function findUserByToken(executor: Executor, tokenHash: Buffer, now: Date): Promise<TokenOwner | null> {
  const [row] = await executor
    .select({ user: userColumns, tokenId: apiTokens.id, lastUsedAt: apiTokens.lastUsedAt })
    .from(apiTokens)
    .innerJoin(users, eq(users.id, apiTokens.userId))
    .where(
      and(
        eq(apiTokens.tokenHash, tokenHash),
        isNull(apiTokens.revokedAt),
        or(isNull(apiTokens.expiresAt), gt(apiTokens.expiresAt, now)),
      ),
    );
  return row ?? null;
}
