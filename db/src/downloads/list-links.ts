import { and, desc, eq, lt, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { cutPage, type Page } from '../page.ts';
import { accesses, links } from '../schema/links.ts';

export interface UsedLink {
  id: string;
  /** Whether it was made with the bundle, and sent to whoever was to be told. */
  isDefault: boolean;
  createdAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
  /** Requests that were sent some of the archive: a download in pieces counts each. */
  uses: number;
  lastUsedAt: Date | null;
}

/** A download's links, newest first, with what they were used for. */
export async function listLinks(
  executor: Executor,
  { downloadId, limit, after }: { downloadId: string; limit: number; after?: string | undefined },
): Promise<Page<UsedLink>> {
  const used = executor
    .select({
      linkId: accesses.linkId,
      uses: sql<number>`count(*)::int`.as('uses'),
      lastUsedAt: sql<Date>`max(${accesses.at})`.mapWith(accesses.at).as('last_used_at'),
    })
    .from(accesses)
    .where(and(eq(accesses.downloadId, downloadId), sql`${accesses.status} in (200, 206)`))
    .groupBy(accesses.linkId)
    .as('used');
  const rows = await executor
    .select({
      id: links.id,
      isDefault: sql<boolean>`${links.sealedToken} is not null`,
      createdAt: links.createdAt,
      expiresAt: links.expiresAt,
      revokedAt: links.revokedAt,
      uses: sql<number>`coalesce(${used.uses}, 0)`,
      lastUsedAt: used.lastUsedAt,
    })
    .from(links)
    .leftJoin(used, eq(used.linkId, links.id))
    .where(and(eq(links.downloadId, downloadId), after === undefined ? undefined : lt(links.id, after)))
    .orderBy(desc(links.id))
    .limit(limit + 1);
  return cutPage(rows, limit, ({ id }) => id);
}
