import { eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { users } from '../schema/auth.ts';
import { type Account, selectAccounts, toAccount } from './account.ts';

export async function findAccount(executor: Executor, id: string): Promise<Account | null> {
  const [row] = await selectAccounts(executor).where(eq(users.id, id));
  return row === undefined ? null : toAccount(row);
}

/** As `findAccount`, and holds the user still until the transaction ends. */
export async function lockAccount(tx: Executor, id: string): Promise<Account | null> {
  await tx.select({ id: users.id }).from(users).where(eq(users.id, id)).for('no key update');
  return findAccount(tx, id);
}
