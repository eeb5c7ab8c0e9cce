import { appendAuditEvent } from '@sheaf/db/audit/append-audit-event';
import type { Executor } from '@sheaf/db/database';
import { lockAccount } from '@sheaf/db/users/find-account';
import { setPassword } from '@sheaf/db/users/set-password';
import { AppError } from '@sheaf/domain/app-error';
import type { AdministrativeChange } from './administrative-change.ts';
import { noSuchUser } from './user-json.ts';

/**
 * Gives somebody else another password, in a transaction, and ends their sessions. Throws `resource.not_found`, and
 * `resource.conflict` for one's own: that takes the current one, which a session alone does not prove.
 */
export async function resetPassword(
  tx: Executor,
  { userId, passwordHash }: { userId: string; passwordHash: string },
  { actorId, now, told }: AdministrativeChange,
): Promise<void> {
  if (userId === actorId) throw new AppError('resource.conflict', 'Change your own password under Preferences.');
  if ((await lockAccount(tx, userId)) === null) throw noSuchUser();
  await setPassword(tx, userId, passwordHash, now);
  await appendAuditEvent(tx, told({ action: 'user.password_changed', detail: { userId } }));
}
