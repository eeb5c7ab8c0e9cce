import { and, eq, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';
import { links } from '../schema/links.ts';
import type { DownloadScope } from './download-scope.ts';
import { lockDownload } from './lock-download.ts';

/**
 * Ends one link; a second time changes nothing. In a transaction. Returns which it was, and null where there is no such
 * link in the scope.
 */
export async function revokeLink(
  tx: Executor,
  { linkId, now, ...scope }: DownloadScope & { linkId: string; now: Date },
): Promise<'revoked' | 'unchanged' | null> {
  // Before the link, as everybody does who ends a download with its links.
  if ((await lockDownload(tx, scope)) === null) return null;
  const [row] = await tx
    .update(links)
    .set({ revokedAt: sql`coalesce(${links.revokedAt}, ${now.toISOString()}::timestamptz)` })
    .where(and(eq(links.id, linkId), eq(links.downloadId, scope.downloadId)))
    .returning({ first: sql<boolean>`old.revoked_at is null` });
  if (row === undefined) return null;
  if (!row.first) return 'unchanged';
  // The link is part of what people are shown of the download.
  await tx
    .update(downloads)
    .set({ version: sql`${downloads.version} + 1` })
    .where(eq(downloads.id, scope.downloadId));
  return 'revoked';
}
