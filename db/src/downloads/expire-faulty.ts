import { eq, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';
import { hasFaultyPart } from './has-faulty-part.ts';
import type { LockedDownload } from './lock-download.ts';

/**
 * A locked download that is ready, and one of whose archives was found missing or damaged, is expired from now on, with all of
 * its links. Nobody is told: whoever changes it now goes on with it. Any other one is left as it is.
 */
export async function expireFaulty(tx: Executor, download: LockedDownload, now: Date): Promise<LockedDownload> {
  if (download.state !== 'ready' || !(await hasFaultyPart(tx, download.id))) return download;
  await tx
    .update(downloads)
    .set({
      state: 'expired',
      finishedAt: now,
      expiresAt: sql`least(${downloads.expiresAt}, ${now.toISOString()}::timestamptz)`,
      objectsRemovedAt: null,
    })
    .where(eq(downloads.id, download.id));
  return { ...download, state: 'expired' };
}
