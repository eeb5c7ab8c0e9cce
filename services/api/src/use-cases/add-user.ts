import type { UserFieldsJson, UserJson } from '@sheaf/contract/user';
import { appendAuditEvent } from '@sheaf/db/audit/append-audit-event';
import type { Executor } from '@sheaf/db/database';
import { insertUser } from '@sheaf/db/users/insert-user';
import type { AdministrativeChange } from './administrative-change.ts';
import { readUser } from './user-json.ts';

export interface UserToAdd extends Omit<UserFieldsJson, 'password'> {
  /** As `hashPassword` of better-auth makes it; null for a user who cannot sign in by password. */
  passwordHash: string | null;
}

/** Makes a user, in a transaction. Throws `resource.conflict` where the email address is taken. */
export async function addUser(
  tx: Executor,
  { email, name, role = 'requester', passwordHash }: UserToAdd,
  { told }: AdministrativeChange,
): Promise<UserJson> {
  const { id: userId } = await insertUser(tx, { email, name: name.trim(), role, passwordHash });
  const user = await readUser(tx, userId);
  const after = { email: user.email, name: user.name, role };
  await appendAuditEvent(tx, told({ action: 'user.created', detail: { userId, after } }));
  return user;
}
