import type { UserChangesJson, UserJson } from '@sheaf/contract/user';
import { appendAuditEvent } from '@sheaf/db/audit/append-audit-event';
import type { Executor } from '@sheaf/db/database';
import { setUserQuota } from '@sheaf/db/quotas/set-user-quota';
import { disableUser } from '@sheaf/db/users/disable-user';
import { lockAccount } from '@sheaf/db/users/find-account';
import { lockAdministrators } from '@sheaf/db/users/lock-administrators';
import { enableUser, updateAccount } from '@sheaf/db/users/update-account';
import { AppError } from '@sheaf/domain/app-error';
import type { AdministrativeChange } from './administrative-change.ts';
import { noSuchUser, readUser, userJson } from './user-json.ts';

/**
 * Changes a user, in a transaction. Throws `resource.not_found`, and `resource.conflict` for a change that would lock the
 * administrator who makes it, or all administrators, out.
 */
export async function changeUser(
  tx: Executor,
  { userId, changes }: { userId: string; changes: UserChangesJson },
  { actorId, now, told }: AdministrativeChange,
): Promise<UserJson> {
  const { quota, disabled, name, ...rest } = changes;
  if (disabled || (rest.role !== undefined && rest.role !== 'administrator')) {
    await refuseLockOut(tx, { userId, actorId });
  }
  const account = await lockAccount(tx, userId);
  if (account === null) throw noSuchUser();
  const before = userJson(account);
  await updateAccount(tx, userId, { ...rest, name: name?.trim() }, now);
  if (quota !== undefined) await setUserQuota(tx, userId, quota);
  if (disabled) await disableUser(tx, userId, now);
  if (disabled === false) await enableUser(tx, userId, now);
  const after = await readUser(tx, userId);
  await appendAuditEvent(
    tx,
    told({ action: 'user.changed', detail: { userId, before: auditFacts(before), after: auditFacts(after) } }),
  );
  return after;
}

async function refuseLockOut(tx: Executor, { userId, actorId }: { userId: string; actorId: string }): Promise<void> {
  const administrators = await lockAdministrators(tx);
  if (!administrators.includes(userId)) return;
  if (userId === actorId) {
    throw new AppError(
      'resource.conflict',
      'You cannot disable yourself or give up your own role. Another administrator can.',
    );
  }
  if (administrators.length === 1) {
    throw new AppError('resource.conflict', 'This is the last administrator who can sign in.');
  }
}

function auditFacts({ name, role, dynamicRenditions, disabled, quota }: UserJson) {
  return { name, role, dynamicRenditions, disabled, quota };
}
