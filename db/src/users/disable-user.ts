import { and, eq, isNull } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { apiTokens, sessions, users } from '../schema/auth.ts';

/**
 * Locks a user out at once: sessions end and API tokens are revoked, so that enabling the user again brings none of
 * them back. Returns whether the user was there and enabled. Give it a transaction: it is three statements.
 */
export async function disableUser(executor: Executor, id: string, now: Date): Promise<boolean> {
  const disabled = await executor
    .update(users)
    .set({ disabledAt: now, updatedAt: now })
    .where(and(eq(users.id, id), isNull(users.disabledAt)))
    .returning({ id: users.id });
  if (disabled.length === 0) return false;
  await executor.delete(sessions).where(eq(sessions.userId, id));
  await executor
    .update(apiTokens)
    .set({ revokedAt: now })
    .where(and(eq(apiTokens.userId, id), isNull(apiTokens.revokedAt)));
  return true;
}
