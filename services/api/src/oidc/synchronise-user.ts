import { appendAuditEvent } from '@sheaf/db/audit/append-audit-event';
import type { Executor } from '@sheaf/db/database';
import { setClaimedGroups } from '@sheaf/db/groups/set-claimed-groups';
import { lockAccount } from '@sheaf/db/users/find-account';
import { updateAccount } from '@sheaf/db/users/update-account';
import type { AuditEvent } from '@sheaf/domain/audit-event';
import { type Claims, claimValues, roleOf } from './claim-values.ts';
import type { OidcConfiguration } from './oidc-configuration.ts';

export interface SignInByProvider {
  userId: string;
  claims: Claims;
  now: Date;
  /** Completes an event with where it came from. */
  told(event: AuditEvent): AuditEvent;
}

/**
 * Makes a user's groups by claim, and the role where groups give one, what the provider says now; in the transaction that
 * also records the sign-in. Before there is a session: nobody uses one with what they had yesterday.
 */
export async function synchroniseUser(
  tx: Executor,
  configuration: Pick<OidcConfiguration, 'groupsClaim' | 'adminGroup' | 'contributorGroup'>,
  { userId, claims, now, told }: SignInByProvider,
): Promise<void> {
  const account = await lockAccount(tx, userId);
  if (account === null) throw new Error('The user who signs in is gone.');
  const values = claimValues(claims, configuration.groupsClaim);
  const groups = await setClaimedGroups(tx, userId, values, now);
  const role = roleOf(values, configuration) ?? account.role;
  if (role !== account.role) {
    await updateAccount(tx, userId, { role }, now);
    const detail = { userId, before: { role: account.role }, after: { role }, by: 'identity provider' };
    await appendAuditEvent(tx, told({ at: now, actorId: userId, action: 'user.changed', detail }));
  }
  const detail = { method: 'oidc', subject: String(claims.sub), groups, role };
  await appendAuditEvent(tx, told({ at: now, actorId: userId, action: 'user.signed_in', detail }));
}
