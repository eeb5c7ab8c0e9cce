import { eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { users } from '../schema/auth.ts';
import { type User, userColumns } from './user.ts';

/** Disabled ones too: look at `disabledAt`. */
export async function findUser(executor: Executor, id: string): Promise<User | null> {
  const [row] = await executor.select(userColumns).from(users).where(eq(users.id, id));
  return row ?? null;
}

/** Disabled ones too: look at `disabledAt`. */
export async function findUserByEmail(executor: Executor, email: string): Promise<User | null> {
  const [row] = await executor.select(userColumns).from(users).where(eq(users.email, email.trim().toLowerCase()));
  return row ?? null;
}
