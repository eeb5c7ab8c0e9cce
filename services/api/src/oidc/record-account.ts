import { appendAuditEvent } from '@sheaf/db/audit/append-audit-event';
import type { Executor } from '@sheaf/db/database';
import { findUser } from '@sheaf/db/users/find-user';
import type { SignInByProvider } from './synchronise-user.ts';

/**
 * Tells the audit log that somebody can sign in with the identity provider from now on: a user who was made for it, or one
 * who was there and has been recognised by the verified address.
 */
export async function recordAccount(
  tx: Executor,
  { userId, claims, isNew, now, told }: SignInByProvider & { isNew: boolean },
): Promise<void> {
  const user = await findUser(tx, userId);
  if (user === null) throw new Error('The user who signs in is gone.');
  const { email, name, role } = user;
  const by = { subject: String(claims.sub), by: 'identity provider' };
  await appendAuditEvent(
    tx,
    told(
      isNew
        ? { at: now, actorId: userId, action: 'user.created', detail: { userId, after: { email, name, role }, ...by } }
        : { at: now, actorId: userId, action: 'user.changed', detail: { userId, linked: 'oidc', ...by } },
    ),
  );
}
