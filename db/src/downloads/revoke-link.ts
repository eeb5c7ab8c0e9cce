import { and, eq, exists, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads, links } from '../schema/downloads.ts';
import { type DownloadScope, inScope } from './download-scope.ts';

/** Ends one link; a second time changes nothing. Returns which it was, and null where there is no such link in the scope. */
export async function revokeLink(
  executor: Executor,
  { linkId, now, ...scope }: DownloadScope & { linkId: string; now: Date },
): Promise<'revoked' | 'unchanged' | null> {
  const [row] = await executor
    .update(links)
    .set({ revokedAt: sql`coalesce(${links.revokedAt}, ${now.toISOString()}::timestamptz)` })
    .where(
      and(
        eq(links.id, linkId),
        eq(links.downloadId, scope.downloadId),
        exists(executor.select({ id: downloads.id }).from(downloads).where(inScope(scope))),
      ),
    )
    .returning({ first: sql<boolean>`old.revoked_at is null` });
  if (row === undefined) return null;
  return row.first ? 'revoked' : 'unchanged';
}
