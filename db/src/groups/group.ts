import type { Quota } from '@sheaf/domain/quota';
import { getTableColumns, sql } from 'drizzle-orm';
import { fromQuotaRow } from '../quotas/quota-row.ts';
import { groupMembers, groups } from '../schema/groups.ts';

export interface GroupFields {
  name: string;
  /** The value of the identity provider's groups claim that makes a member. */
  claim: string | null;
  /** Members are entitled to dynamic and smart-crop renditions. */
  dynamicRenditions: boolean;
  /** What its members share; null: the group limits nobody. */
  quota: Quota | null;
}

export interface Group extends GroupFields {
  id: string;
  /** How many users are in it. */
  members: number;
  createdAt: Date;
  updatedAt: Date;
}

/** For statements that select from `groups`. */
export const groupColumns = {
  ...getTableColumns(groups),
  // Written out: in statements about one table, drizzle drops the tables' names of columns, inside subqueries too.
  members: sql<string>`(select count(distinct m.user_id) from ${groupMembers} m where m.group_id = "groups"."id")`
    .mapWith(Number)
    .as('members'),
};

type GroupRow = typeof groups.$inferSelect & { members: number };

export function toGroup(row: GroupRow): Group {
  const { id, name, claim, dynamicRenditions, members, createdAt, updatedAt } = row;
  return { id, name, claim, dynamicRenditions, quota: fromQuotaRow(row), members, createdAt, updatedAt };
}
