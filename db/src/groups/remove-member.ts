import { AppError } from '@sheaf/domain/app-error';
import { and, eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { groupMembers } from '../schema/groups.ts';

/**
 * Takes a user out of a group that they were put into by hand. Throws `resource.not_found` for who is no member, and
 * `resource.conflict` for a member by claim: whom the identity provider would make a member again.
 */
export async function removeMember(tx: Executor, groupId: string, userId: string): Promise<void> {
  const membership = and(eq(groupMembers.groupId, groupId), eq(groupMembers.userId, userId));
  const found = await tx.select({ source: groupMembers.source }).from(groupMembers).where(membership).for('update');
  if (found.length === 0) throw new AppError('resource.not_found', 'This user is not a member of the group.');
  if (found.some(({ source }) => source === 'claim')) {
    throw new AppError(
      'resource.conflict',
      'The identity provider says that this user is a member. Take them out of the group there: it counts from their next sign-in.',
    );
  }
  await tx.delete(groupMembers).where(membership);
}
