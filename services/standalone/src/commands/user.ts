import { text } from 'node:stream/consumers';
import { disableUser } from '@sheaf/db/users/disable-user';
import { findUserByEmail } from '@sheaf/db/users/find-user';
import { listUsers } from '@sheaf/db/users/list-users';
import { type Role, roles } from '@sheaf/domain/actor';
import { AppError } from '@sheaf/domain/app-error';
import { loadConfig } from '@sheaf/runtime/load-config';
import { createUser, generatePassword } from '../create-user.ts';
import { type Installation, openInstallation } from '../open-installation.ts';

export interface UserAddOptions {
  name?: string;
  role: string;
  passwordStdin?: boolean;
  dynamicRenditions?: boolean;
}

const shortestPassword = 10;
const longestPassword = 200;

/** `sheaf user add`: prints a generated password unless one comes from standard input. */
export async function addUser(env: NodeJS.ProcessEnv, email: string, options: UserAddOptions): Promise<void> {
  const role = options.role as Role;
  if (!roles.includes(role)) throw new AppError('input.invalid', `A role is one of ${roles.join(', ')}.`);
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new AppError('input.invalid', `"${email}" is no email address.`);
  const password = options.passwordStdin ? await passwordFromInput() : generatePassword();
  const name = options.name ?? email.split('@')[0]!;
  await withInstallation(env, async ({ db }) => {
    await createUser(db, { email, name, role, password, dynamicRenditions: options.dynamicRenditions ?? false });
  });
  console.log(`Added ${email} as ${role}.`);
  if (!options.passwordStdin) console.log(`Password, shown this once: ${password}`);
}

export async function showUsers(env: NodeJS.ProcessEnv): Promise<void> {
  const users = await withInstallation(env, ({ db }) => listUsers(db.orm));
  const rows = users.map((user) => [user.email, user.role, user.disabledAt ? 'disabled' : 'enabled', user.name]);
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => row[column]!.length)));
  for (const row of rows) console.log(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
}

/** `sheaf user disable`: ends the user's sessions and tokens too. */
export async function shutOutUser(env: NodeJS.ProcessEnv, email: string): Promise<void> {
  await withInstallation(env, async ({ db }) => {
    const user = await findUserByEmail(db.orm, email);
    if (!user) throw new AppError('resource.not_found', `There is no user ${email}.`);
    const disabled = await db.transaction((tx) => disableUser(tx, user.id, new Date()));
    console.log(disabled ? `Disabled ${email}.` : `${email} was disabled already.`);
  });
}

async function withInstallation<T>(
  env: NodeJS.ProcessEnv,
  work: (installation: Installation) => Promise<T>,
): Promise<T> {
  const installation = await openInstallation(loadConfig(env), console.error);
  try {
    return await work(installation);
  } finally {
    await installation.close();
  }
}

async function passwordFromInput(): Promise<string> {
  const password = (await text(process.stdin)).replace(/\r?\n$/, '');
  if (password.length < shortestPassword || password.length > longestPassword) {
    throw new AppError('input.invalid', `A password has from ${shortestPassword} to ${longestPassword} characters.`);
  }
  return password;
}
