import { appendAuditEvent } from '@sheaf/db/audit/append-audit-event';
import type { Database } from '@sheaf/db/database';
import { insertUser } from '@sheaf/db/users/insert-user';
import type { User } from '@sheaf/db/users/user';
import type { Role } from '@sheaf/domain/actor';
import { hashPassword } from 'better-auth/crypto';

export interface UserToCreate {
  email: string;
  name: string;
  role: Role;
  dynamicRenditions?: boolean;
  password: string;
}

/**
 * Creates a user who can sign in with the password, as the system itself, which is the audit log's name for whoever has
 * the command line. Throws `resource.conflict` when the address is taken.
 */
export async function createUser(db: Database, { password, ...user }: UserToCreate): Promise<User> {
  const passwordHash = await hashPassword(password);
  return db.transaction(async (tx) => {
    const created = await insertUser(tx, { ...user, passwordHash });
    const { id: userId, email, name, role, dynamicRenditions } = created;
    const detail = { userId, after: { email, name, role, dynamicRenditions } };
    await appendAuditEvent(tx, { at: new Date(), action: 'user.created', detail });
    return created;
  });
}
