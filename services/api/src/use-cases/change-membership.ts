import { appendAuditEvent } from '@sheaf/db/audit/append-audit-event';
import type { Executor } from '@sheaf/db/database';
import { addMember } from '@sheaf/db/groups/add-member';
import { lockGroup } from '@sheaf/db/groups/find-group';
import { removeMember } from '@sheaf/db/groups/remove-member';
import { findUser } from '@sheaf/db/users/find-user';
import { AppError } from '@sheaf/domain/app-error';
import type { AdministrativeChange } from './administrative-change.ts';
import { noSuchGroup } from './group-json.ts';

export interface Membership {
  groupId: string;
  userId: string;
}

/** Puts a user into a group by hand, in a transaction; changes nothing where they are. Throws `resource.not_found`. */
export async function putMember(tx: Executor, membership: Membership, change: AdministrativeChange): Promise<void> {
  await findBoth(tx, membership);
  const added = await addMember(tx, membership.groupId, membership.userId, change.now);
  if (added) await recordChange(tx, membership, change, { before: 'none', after: 'member' });
}

/**
 * Takes a user out of a group, in a transaction. Throws `resource.not_found`, and `resource.conflict` for a member by
 * claim.
 */
export async function takeMemberOut(tx: Executor, membership: Membership, change: AdministrativeChange): Promise<void> {
  await findBoth(tx, membership);
  await removeMember(tx, membership.groupId, membership.userId);
  await recordChange(tx, membership, change, { before: 'member', after: 'none' });
}

async function findBoth(tx: Executor, { groupId, userId }: Membership): Promise<void> {
  if ((await lockGroup(tx, groupId)) === null) throw noSuchGroup();
  if ((await findUser(tx, userId)) === null) throw new AppError('resource.not_found', 'There is no such user.');
}

async function recordChange(
  tx: Executor,
  { groupId, userId }: Membership,
  { told }: AdministrativeChange,
  { before, after }: { before: string; after: string },
): Promise<void> {
  const detail = { groupId, userId, before: { membership: before }, after: { membership: after } };
  await appendAuditEvent(tx, told({ action: 'group.changed', detail }));
}
