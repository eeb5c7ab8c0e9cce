import { text } from 'node:stream/consumers';
import { appendAuditEvent } from '@sheaf/db/audit/append-audit-event';
import type { Executor } from '@sheaf/db/database';
import { disableUser } from '@sheaf/db/users/disable-user';
import { findUserByEmail } from '@sheaf/db/users/find-user';
import { listUsers } from '@sheaf/db/users/list-users';
import { setPassword } from '@sheaf/db/users/set-password';
import type { User } from '@sheaf/db/users/user';
import { type Role, roles } from '@sheaf/domain/actor';
import { AppError } from '@sheaf/domain/app-error';
import { generatePassword } from '@sheaf/runtime/generate-password';
import { loadConfig } from '@sheaf/runtime/load-config';
import { hashPassword } from 'better-auth/crypto';
import { createUser } from '../create-user.ts';
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
    const now = new Date();
    const disabled = await db.transaction(async (tx) => {
      const { id: userId } = await requireUser(tx, email);
      const done = await disableUser(tx, userId, now);
      const detail = { userId, before: { disabled: false }, after: { disabled: true } };
      if (done) await appendAuditEvent(tx, { at: now, action: 'user.changed', detail });
      return done;
    });
    console.log(disabled ? `Disabled ${email}.` : `${email} was disabled already.`);
  });
}

/** `sheaf user password`: prints a generated password; the one before it and the user's sessions end. */
export async function replacePassword(env: NodeJS.ProcessEnv, email: string): Promise<void> {
  const password = generatePassword();
  const passwordHash = await hashPassword(password);
  const user = await withInstallation(env, ({ db }) =>
    db.transaction(async (tx) => {
      const now = new Date();
      const found = await requireUser(tx, email);
      await setPassword(tx, found.id, passwordHash, now);
      await appendAuditEvent(tx, { at: now, action: 'user.password_changed', detail: { userId: found.id } });
      return found;
    }),
  );
  console.log(`Password of ${user.email}, shown this once: ${password}`);
  if (user.disabledAt !== null) console.log('The user is disabled, and cannot sign in.');
}

async function requireUser(executor: Executor, email: string): Promise<User> {
  const user = await findUserByEmail(executor, email);
  if (!user) throw new AppError('resource.not_found', `There is no user ${email}.`);
  return user;
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
