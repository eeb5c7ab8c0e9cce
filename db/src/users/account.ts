import type { Role } from '@sheaf/domain/actor';
import type { Quota } from '@sheaf/domain/quota';
import { eq, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { fromQuotaRow } from '../quotas/quota-row.ts';
import { accounts, users } from '../schema/auth.ts';
import { groupMembers, groups, userQuotas } from '../schema/groups.ts';
import { actorColumns } from './actor-columns.ts';

/** A user as administrators see one. */
export interface Account {
  id: string;
  email: string;
  name: string;
  role: Role;
  /** The user's own entitlement. */
  dynamicRenditions: boolean;
  /** The user's own entitlement, or that of a group. */
  entitled: boolean;
  /** Has one to sign in by. */
  hasPassword: boolean;
  disabledAt: Date | null;
  /** In place of the configuration's. */
  quota: Quota | null;
  groups: { id: string; name: string }[];
  createdAt: Date;
}

const groupsOf = sql<Account['groups']>`(
  select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'name', g.name) order by lower(g.name)), '[]')
  from ${groups} g
  where exists (select from ${groupMembers} m where m.group_id = g.id and m.user_id = "users"."id"))`;

const hasPassword = sql<boolean>`exists (
  select from ${accounts} a where a.user_id = "users"."id" and a.provider_id = 'credential' and a.password is not null)`;

/** A statement that selects accounts, to which `where`, `orderBy` and `limit` are added. Map its rows with `toAccount`. */
export function selectAccounts(executor: Executor) {
  return executor
    .select({
      id: users.id,
      email: users.email,
      name: users.name,
      role: users.role,
      dynamicRenditions: users.dynamicRenditions,
      entitled: actorColumns.dynamicRenditions,
      hasPassword: hasPassword.as('has_password'),
      disabledAt: users.disabledAt,
      createdAt: users.createdAt,
      groups: groupsOf.as('in_groups'),
      // The period first: Drizzle takes a joined row for absent where its first column is null, and only this one never is.
      quota: {
        quotaPeriodHours: userQuotas.quotaPeriodHours,
        quotaBytes: userQuotas.quotaBytes,
        quotaConcurrentDownloads: userQuotas.quotaConcurrentDownloads,
        quotaAssetsPerDownload: userQuotas.quotaAssetsPerDownload,
      },
    })
    .from(users)
    .leftJoin(userQuotas, eq(userQuotas.userId, users.id))
    .$dynamic();
}

type AccountRow = Awaited<ReturnType<typeof selectAccounts>>[number];

export function toAccount(row: AccountRow): Account {
  return { ...row, quota: fromQuotaRow(row.quota) };
}
