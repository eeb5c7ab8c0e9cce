import { and, eq, exists, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads, links } from '../schema/downloads.ts';
import { type DownloadScope, inScope } from './download-scope.ts';

/** Ends one link. A second time changes nothing. Returns false where there is no such link in the scope. */
export async function revokeLink(
  executor: Executor,
  { linkId, now, ...scope }: DownloadScope & { linkId: string; now: Date },
): Promise<boolean> {
  const rows = await executor
    .update(links)
    .set({ revokedAt: sql`coalesce(${links.revokedAt}, ${now.toISOString()}::timestamptz)` })
    .where(
      and(
        eq(links.id, linkId),
        eq(links.downloadId, scope.downloadId),
        exists(executor.select({ id: downloads.id }).from(downloads).where(inScope(scope))),
      ),
    )
    .returning({ id: links.id });
  return rows.length > 0;
}
