import { statesBefore } from '@sheaf/domain/download-state';
import { and, eq, inArray } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';
import type { LockedDownload } from './lock-download.ts';

/**
 * A locked download as the sweep leaves it: one whose time is over is expired, whether or not the sweep has been there.
 * Nobody is told: whoever changes it now goes on with it.
 */
export async function expireIfDue(tx: Executor, download: LockedDownload, now: Date): Promise<LockedDownload> {
  if (download.expiresAt === null || download.expiresAt > now) return download;
  const expired = await tx
    .update(downloads)
    .set({ state: 'expired', finishedAt: now, objectsRemovedAt: null })
    .where(and(eq(downloads.id, download.id), inArray(downloads.state, statesBefore('expired'))))
    .returning({ id: downloads.id });
  return expired.length === 0 ? download : { ...download, state: 'expired' };
}
