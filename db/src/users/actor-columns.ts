import { type SQL, sql } from 'drizzle-orm';
import { users } from '../schema/auth.ts';
import { groupMembers, groups } from '../schema/groups.ts';

/** Written out: in statements about one table, drizzle drops the tables' names of columns, inside subqueries too. */
const userId = sql.raw('"users"."id"');

/** The user's own entitlement, or that of any group of theirs. */
const dynamicRenditions: SQL<boolean> = sql`("users"."dynamic_renditions" or exists (
  select from ${groupMembers} m join ${groups} g on g.id = m.group_id
  where m.user_id = ${userId} and g.dynamic_renditions))`;

const memberOf: SQL<string[]> = sql<string>`(
  select coalesce(string_agg(distinct m.group_id::text, ','), '') from ${groupMembers} m where m.user_id = ${userId}
)`.mapWith((ids: string) => (ids === '' ? [] : ids.split(',')));

/** What makes a user an `Actor`, for statements that select from or return `users`. */
export const actorColumns = {
  id: users.id,
  role: users.role,
  dynamicRenditions: dynamicRenditions.as('entitled'),
  groups: memberOf.as('member_of'),
};
