import type { Role } from '@sheaf/domain/actor';
import { eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { users } from '../schema/auth.ts';

/** What is absent stays as it is. */
export interface AccountChanges {
  name?: string | undefined;
  role?: Role | undefined;
  dynamicRenditions?: boolean | undefined;
}

export async function updateAccount(tx: Executor, id: string, changes: AccountChanges, now: Date): Promise<void> {
  await tx
    .update(users)
    .set({ ...changes, updatedAt: now })
    .where(eq(users.id, id));
}

/** Lets a disabled user sign in again. Sessions and API tokens from before stay ended. */
export async function enableUser(tx: Executor, id: string, now: Date): Promise<void> {
  await tx.update(users).set({ disabledAt: null, updatedAt: now }).where(eq(users.id, id));
}
