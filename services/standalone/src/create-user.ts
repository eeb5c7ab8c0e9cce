import { randomInt } from 'node:crypto';
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

/** Creates a user who can sign in with the password. Throws `resource.conflict` when the address is taken. */
export async function createUser(db: Database, { password, ...user }: UserToCreate): Promise<User> {
  const passwordHash = await hashPassword(password);
  return db.transaction((tx) => insertUser(tx, { ...user, passwordHash }));
}

/** Letters and digits that no one mistakes for each other. */
const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789';

/** A password that can be typed: four groups of five, 100 random bits. */
export function generatePassword(): string {
  const group = () => Array.from({ length: 5 }, () => alphabet[randomInt(alphabet.length)]).join('');
  return Array.from({ length: 4 }, group).join('-');
}
