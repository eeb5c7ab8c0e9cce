import type { DownloadState } from '@sheaf/domain/download-state';
import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { bundleParts, downloads } from '../schema/downloads.ts';

/** The states in which nobody may have a download's stored objects any more. */
const endedStates: readonly DownloadState[] = ['failed', 'cancelled', 'expired', 'revoked'];

/** Ended downloads whose stored objects may still be there, the oldest first. Claims up to `epoch` may have made some. */
export async function findUnremovedObjects(
  executor: Executor,
  limit: number,
): Promise<{ downloadId: string; epoch: number }[]> {
  return executor
    .select({ downloadId: downloads.id, epoch: downloads.epoch })
    .from(downloads)
    .where(and(inArray(downloads.state, [...endedStates]), isNull(downloads.objectsRemovedAt)))
    .orderBy(asc(downloads.id))
    .limit(limit);
}

/**
 * Notes that the objects of a download up to that epoch are gone, and lets go of its bundles. In a transaction. Changes
 * nothing for one that was retried meanwhile.
 */
export async function markObjectsRemoved(
  tx: Executor,
  { downloadId, epoch }: { downloadId: string; epoch: number },
): Promise<void> {
  const [marked] = await tx
    .update(downloads)
    .set({ objectsRemovedAt: sql`now()` })
    .where(and(eq(downloads.id, downloadId), eq(downloads.epoch, epoch), inArray(downloads.state, [...endedStates])))
    .returning({ id: downloads.id });
  if (marked === undefined) return;
  await tx.update(bundleParts).set({ bundleId: null }).where(eq(bundleParts.downloadId, downloadId));
}
