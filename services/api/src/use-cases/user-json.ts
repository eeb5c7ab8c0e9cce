import type { UserJson } from '@sheaf/contract/user';
import type { Executor } from '@sheaf/db/database';
import type { Account } from '@sheaf/db/users/account';
import { findAccount } from '@sheaf/db/users/find-account';
import { AppError } from '@sheaf/domain/app-error';

export function userJson({ disabledAt, createdAt, ...account }: Account): UserJson {
  return { ...account, disabled: disabledAt !== null, createdAt: createdAt.toISOString() };
}

/** Throws `resource.not_found`. */
export async function readUser(executor: Executor, userId: string): Promise<UserJson> {
  const account = await findAccount(executor, userId);
  if (account === null) throw noSuchUser();
  return userJson(account);
}

export function noSuchUser(): AppError {
  return new AppError('resource.not_found', 'There is no such user.');
}
