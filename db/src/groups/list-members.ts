import type { Role } from '@sheaf/domain/actor';
import { and, asc, eq, gt, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { cutPage, type Page } from '../page.ts';
import { users } from '../schema/auth.ts';
import { groupMembers } from '../schema/groups.ts';

export interface Member {
  id: string;
  email: string;
  name: string;
  role: Role;
  disabledAt: Date | null;
  /** Why they are a member: by hand, by the identity provider's claim, or both. */
  sources: ('manual' | 'claim')[];
}

/** A group's members, oldest users first. */
export async function listMembers(
  executor: Executor,
  groupId: string,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<Page<Member>> {
  const rows = await executor
    .select({
      id: users.id,
      email: users.email,
      name: users.name,
      role: users.role,
      disabledAt: users.disabledAt,
      sources: sql<string>`string_agg(${groupMembers.source}, ',' order by ${groupMembers.source})`.mapWith(
        (sources: string) => sources.split(',') as Member['sources'],
      ),
    })
    .from(groupMembers)
    .innerJoin(users, eq(users.id, groupMembers.userId))
    .where(and(eq(groupMembers.groupId, groupId), after === undefined ? undefined : gt(users.id, after)))
    .groupBy(users.id)
    .orderBy(asc(users.id))
    .limit(limit + 1);
  return cutPage(rows, limit, ({ id }) => id);
}
