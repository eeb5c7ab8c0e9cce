import { and, desc, eq, lt } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { cutPage, type Page } from '../page.ts';
import { accesses } from '../schema/links.ts';

export interface ListedAccess {
  id: string;
  linkId: string | null;
  part: number | null;
  userId: string | null;
  ipAddress: string | null;
  userAgent: string | null;
  status: number;
  rangeStart: number | null;
  bytesSent: number;
  at: Date;
}

/** Answered requests for a download's archive, the newest first. */
export async function listAccesses(
  executor: Executor,
  downloadId: string,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<Page<ListedAccess>> {
  const rows = await executor
    .select({
      id: accesses.id,
      linkId: accesses.linkId,
      part: accesses.part,
      userId: accesses.userId,
      ipAddress: accesses.ipAddress,
      userAgent: accesses.userAgent,
      status: accesses.status,
      rangeStart: accesses.rangeStart,
      bytesSent: accesses.bytesSent,
      at: accesses.at,
    })
    .from(accesses)
    .where(and(eq(accesses.downloadId, downloadId), after === undefined ? undefined : lt(accesses.id, after)))
    .orderBy(desc(accesses.id))
    .limit(limit + 1);
  return cutPage(rows, limit, ({ id }) => id);
}
