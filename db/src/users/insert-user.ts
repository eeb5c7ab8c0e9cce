import type { Role } from '@sheaf/domain/actor';
import { AppError } from '@sheaf/domain/app-error';
import type { Executor } from '../database.ts';
import { users } from '../schema/auth.ts';
import { insertPassword } from './set-password.ts';
import { type User, userColumns } from './user.ts';

export interface NewUser {
  email: string;
  name: string;
  role: Role;
  dynamicRenditions?: boolean;
  /** As `hashPassword` of better-auth/crypto makes it; null for a user who cannot sign in by password. */
  passwordHash: string | null;
}

/**
 * Creates a user, with the credentials account that sign-in looks for. Email addresses are kept in lower case.
 * Throws `resource.conflict` when the address is taken. Give it a transaction: it is two statements.
 */
export async function insertUser(executor: Executor, user: NewUser): Promise<User> {
  const [row] = await executor
    .insert(users)
    .values({
      email: user.email.trim().toLowerCase(),
      name: user.name,
      role: user.role,
      dynamicRenditions: user.dynamicRenditions ?? false,
    })
    .onConflictDoNothing({ target: users.email })
    .returning(userColumns);
  if (!row) throw new AppError('resource.conflict', 'There is a user with this email address already.');
  if (user.passwordHash !== null) await insertPassword(executor, row.id, user.passwordHash);
  return { ...row, groups: [] };
}
