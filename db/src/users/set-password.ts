import { and, eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { accounts, sessions } from '../schema/auth.ts';
import { newId } from '../schema/columns.ts';

/**
 * Gives a user this password to sign in by, whether or not there was one, and ends every session. API tokens stay. Give
 * it a transaction: it is several statements.
 */
export async function setPassword(tx: Executor, userId: string, passwordHash: string, now: Date): Promise<void> {
  const changed = await tx
    .update(accounts)
    .set({ password: passwordHash, updatedAt: now })
    .where(and(eq(accounts.userId, userId), eq(accounts.providerId, 'credential')))
    .returning({ id: accounts.id });
  if (changed.length === 0) await insertPassword(tx, userId, passwordHash);
  await tx.delete(sessions).where(eq(sessions.userId, userId));
}

/** The credentials account that sign-in looks for; `passwordHash` as `hashPassword` of better-auth/crypto makes it. */
export async function insertPassword(tx: Executor, userId: string, passwordHash: string): Promise<void> {
  await tx
    .insert(accounts)
    .values({ id: newId(), accountId: userId, providerId: 'credential', userId, password: passwordHash });
}
