import type { Executor } from '../database.ts';
import { groupMembers } from '../schema/groups.ts';

/** Adds a user by hand. Returns whether they had not been added by hand before. */
export async function addMember(executor: Executor, groupId: string, userId: string, now: Date): Promise<boolean> {
  const rows = await executor
    .insert(groupMembers)
    .values({ groupId, userId, source: 'manual', createdAt: now })
    .onConflictDoNothing()
    .returning({ userId: groupMembers.userId });
  return rows.length > 0;
}
