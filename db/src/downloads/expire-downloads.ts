import { statesBefore } from '@sheaf/domain/download-state';
import { and, asc, inArray, lte } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { insertNotifications } from '../notifications/insert-notifications.ts';
import { downloads } from '../schema/downloads.ts';

/** Ends ready downloads whose time is over, at most `limit` at once, and says so. In a transaction. Returns how many. */
export async function expireDownloads(tx: Executor, { now, limit }: { now: Date; limit: number }): Promise<number> {
  const due = tx
    .select({ id: downloads.id })
    .from(downloads)
    .where(and(inArray(downloads.state, statesBefore('expired')), lte(downloads.expiresAt, now)))
    .orderBy(asc(downloads.expiresAt))
    .limit(limit)
    // Not `update`: an access that is being recorded refers to the row, and that is no reason to skip it.
    .for('no key update', { skipLocked: true });
  const expired = await tx
    .update(downloads)
    .set({ state: 'expired', finishedAt: now, objectsRemovedAt: null })
    .where(and(inArray(downloads.id, due), inArray(downloads.state, statesBefore('expired'))))
    .returning({ downloadId: downloads.id, epoch: downloads.epoch });
  for (const download of expired) await insertNotifications(tx, { ...download, event: 'download.expired', now });
  return expired.length;
}
