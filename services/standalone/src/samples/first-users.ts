import { readFile } from 'node:fs/promises';
import type { Database } from '@sheaf/db/database';
import { findUserByEmail } from '@sheaf/db/users/find-user';
import type { Role } from '@sheaf/domain/actor';
import { generatePassword } from '@sheaf/runtime/generate-password';
import { createUser } from '../create-user.ts';
import { writePrivateFile } from '../secret-file.ts';

export interface FirstUser {
  email: string;
  name: string;
  role: Role;
  password: string;
}

export interface FirstUsers {
  administrator: FirstUser;
  requester: FirstUser;
}

/**
 * Creates the administrator and the requester of a new installation. Their generated passwords are in the file before
 * the users are in the database, so that an interrupted first start can be repeated with the same ones.
 */
export async function createFirstUsers(db: Database, credentialsFile: string): Promise<FirstUsers> {
  const users = (await readFirstUsers(credentialsFile)) ?? newUsers();
  await writePrivateFile(credentialsFile, `${JSON.stringify(users, null, 2)}\n`);
  for (const user of [users.administrator, users.requester]) {
    const existing = await findUserByEmail(db.orm, user.email);
    if (!existing) await createUser(db, user);
  }
  return users;
}

/** What the credentials file holds; null where there is none. */
export async function readFirstUsers(credentialsFile: string): Promise<FirstUsers | null> {
  const text = await readFile(credentialsFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return text === null ? null : JSON.parse(text);
}

function newUsers(): FirstUsers {
  const user = (role: Role, mailbox: string, name: string) => ({
    email: `${mailbox}@sheaf.example`,
    name,
    role,
    password: generatePassword(),
  });
  return {
    administrator: user('administrator', 'admin', 'Administrator'),
    requester: user('requester', 'requester', 'Requester'),
  };
}
