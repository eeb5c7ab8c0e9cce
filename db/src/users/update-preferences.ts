import { eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { users } from '../schema/auth.ts';
import { type User, userColumns } from './user.ts';

export interface PreferenceChanges {
  emailNotifications?: boolean;
  language?: string;
}

/** Changes what is given and leaves the rest. Null when there is no such user. */
export async function updatePreferences(
  executor: Executor,
  id: string,
  changes: PreferenceChanges,
  now: Date,
): Promise<User | null> {
  const [row] = await executor
    .update(users)
    .set({ ...changes, updatedAt: now })
    .where(eq(users.id, id))
    .returning(userColumns);
  return row ?? null;
}
