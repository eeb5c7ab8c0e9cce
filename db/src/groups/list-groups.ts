import { and, desc, ilike, lt } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { escapeLike } from '../escape-like.ts';
import { cutPage, type Page } from '../page.ts';
import { groups } from '../schema/groups.ts';
import { type Group, groupColumns, toGroup } from './group.ts';

export interface GroupListing {
  /** Part of the name, whatever its case. */
  q?: string | undefined;
  limit: number;
  /** The last page's `nextCursor`. */
  after?: string | undefined;
}

/** Groups, newest first. */
export async function listGroups(executor: Executor, { q, limit, after }: GroupListing): Promise<Page<Group>> {
  const rows = await executor
    .select(groupColumns)
    .from(groups)
    .where(
      and(
        after === undefined ? undefined : lt(groups.id, after),
        q === undefined ? undefined : ilike(groups.name, `%${escapeLike(q)}%`),
      ),
    )
    .orderBy(desc(groups.id))
    .limit(limit + 1);
  return cutPage(rows.map(toGroup), limit, ({ id }) => id);
}
