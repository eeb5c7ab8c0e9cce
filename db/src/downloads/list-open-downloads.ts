import { and, desc, eq, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';

/** Ids of one requester's downloads that are under way, the newest first. */
export async function listOpenDownloads(
  executor: Executor,
  { requesterId, limit }: { requesterId: string; limit: number },
): Promise<string[]> {
  const rows = await executor
    .select({ id: downloads.id })
    .from(downloads)
    .where(
      and(
        eq(downloads.requesterId, requesterId),
        // In the words of the partial index.
        sql`state in ('requested', 'queued', 'gathering', 'packing')`,
      ),
    )
    .orderBy(desc(downloads.id))
    .limit(limit);
  return rows.map(({ id }) => id);
}
