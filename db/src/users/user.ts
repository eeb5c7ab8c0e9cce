import type { Actor } from '@sheaf/domain/actor';
import { users } from '../schema/auth.ts';
import { actorColumns } from './actor-columns.ts';

/** A user as the rest of Sheaf sees one; never its credentials. */
export interface User extends Actor {
  email: string;
  name: string;
  emailNotifications: boolean;
  language: string;
  disabledAt: Date | null;
  createdAt: Date;
}

export const userColumns = {
  ...actorColumns,
  email: users.email,
  name: users.name,
  emailNotifications: users.emailNotifications,
  language: users.language,
  disabledAt: users.disabledAt,
  createdAt: users.createdAt,
};
