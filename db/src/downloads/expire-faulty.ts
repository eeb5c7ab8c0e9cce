import { statesBefore } from '@sheaf/domain/download-state';
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { bundleParts } from '../schema/bundles.ts';
import { downloads } from '../schema/downloads.ts';
import type { LockedDownload } from './lock-download.ts';

/**
 * A locked download that is ready, and one of whose archives was found missing or damaged, is expired from now on, with all of
 * its links. Nobody is told: whoever changes it now goes on with it. Any other one is left as it is.
 */
export async function expireFaulty(tx: Executor, download: LockedDownload, now: Date): Promise<LockedDownload> {
  const hasFaultyPart = sql`exists (
    select from ${bundleParts} where ${bundleParts.downloadId} = ${downloads.id} and ${bundleParts.fault} is not null
  )`;
  const expired = await tx
    .update(downloads)
    .set({
      state: 'expired',
      finishedAt: now,
      expiresAt: sql`least(${downloads.expiresAt}, ${now.toISOString()}::timestamptz)`,
      objectsRemovedAt: null,
    })
    .where(and(eq(downloads.id, download.id), inArray(downloads.state, statesBefore('expired')), hasFaultyPart))
    .returning({ id: downloads.id });
  return expired.length === 0 ? download : { ...download, state: 'expired' };
}
