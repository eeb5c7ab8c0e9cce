import type { Role } from '@sheaf/domain/actor';
import { and, desc, eq, ilike, lt, or, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { escapeLike } from '../escape-like.ts';
import { cutPage, type Page } from '../page.ts';
import { users } from '../schema/auth.ts';
import { groupMembers } from '../schema/groups.ts';
import { type Account, selectAccounts, toAccount } from './account.ts';

export interface AccountListing {
  /** Part of the name or the email address, whatever its case. */
  q?: string | undefined;
  groupId?: string | undefined;
  role?: Role | undefined;
  limit: number;
  /** The last page's `nextCursor`. */
  after?: string | undefined;
}

/** Users, newest first, disabled ones too. */
export async function listAccounts(executor: Executor, listing: AccountListing): Promise<Page<Account>> {
  const { q, groupId, role, limit, after } = listing;
  const pattern = `%${escapeLike(q ?? '')}%`;
  const rows = await selectAccounts(executor)
    .where(
      and(
        after === undefined ? undefined : lt(users.id, after),
        q === undefined ? undefined : or(ilike(users.name, pattern), ilike(users.email, pattern)),
        role === undefined ? undefined : eq(users.role, role),
        groupId === undefined
          ? undefined
          : sql`exists (select from ${groupMembers} m where m.group_id = ${groupId}::uuid and m.user_id = "users"."id")`,
      ),
    )
    .orderBy(desc(users.id))
    .limit(limit + 1);
  return cutPage(rows.map(toAccount), limit, ({ id }) => id);
}
