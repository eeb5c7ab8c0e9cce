import type { Actor } from '@sheaf/domain/actor';
import { users } from '../schema/auth.ts';

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
  id: users.id,
  email: users.email,
  name: users.name,
  role: users.role,
  dynamicRenditions: users.dynamicRenditions,
  emailNotifications: users.emailNotifications,
  language: users.language,
  disabledAt: users.disabledAt,
  createdAt: users.createdAt,
};
