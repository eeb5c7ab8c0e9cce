import { asc } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { users } from '../schema/auth.ts';
import { type User, userColumns } from './user.ts';

/** Every user, oldest first. */
export async function listUsers(executor: Executor): Promise<User[]> {
  return executor.select(userColumns).from(users).orderBy(asc(users.id));
}
