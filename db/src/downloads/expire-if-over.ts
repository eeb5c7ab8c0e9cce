import { statesBefore } from '@sheaf/domain/download-state';
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';
import { countFaultyParts } from './count-faulty-parts.ts';
import type { LockedDownload } from './lock-download.ts';

/**
 * A locked download as it stands for whoever asks for it again: expired where its time is over, whether or not the sweep has
 * been there, and where one of its archives was found missing or damaged. Nobody is told: whoever changes it now goes on
 * with it.
 */
export async function expireIfOver(tx: Executor, download: LockedDownload, now: Date): Promise<LockedDownload> {
  const isDue = download.expiresAt !== null && download.expiresAt <= now;
  if (!isDue && (await countFaultyParts(tx, download.id)) === 0) return download;
  const expired = await tx
    .update(downloads)
    .set({
      state: 'expired',
      finishedAt: now,
      expiresAt: sql`least(${downloads.expiresAt}, ${now.toISOString()}::timestamptz)`,
      objectsRemovedAt: null,
    })
    .where(and(eq(downloads.id, download.id), inArray(downloads.state, statesBefore('expired'))))
    .returning({ id: downloads.id });
  return expired.length === 0 ? download : { ...download, state: 'expired' };
}
