import type { DownloadState } from '@sheaf/domain/download-state';
import { and, asc, eq, inArray, isNull, lt, ne, or, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { bundleParts } from '../schema/bundles.ts';
import { downloads } from '../schema/downloads.ts';

/** The states in which nobody may have a download's stored objects any more. */
const endedStates: readonly DownloadState[] = ['failed', 'cancelled', 'expired', 'revoked'];

/**
 * Ended downloads whose stored objects may still be there, the oldest first. Claims up to `epoch` may have made some.
 *
 * What is streamed and has expired counts only once it expired before `expiredBefore`: whoever is being sent it then has
 * still to open its last files and its tail, where a packed archive is open already and outlives its name.
 */
export async function findUnremovedObjects(
  executor: Executor,
  { expiredBefore, limit }: { expiredBefore: Date; limit: number },
): Promise<{ downloadId: string; epoch: number }[]> {
  const isStreamed = sql`exists (
    select from ${bundleParts} where ${bundleParts.downloadId} = ${downloads.id} and ${bundleParts.bundleId} is not null
  )`;
  return executor
    .select({ downloadId: downloads.id, epoch: downloads.epoch })
    .from(downloads)
    .where(
      and(
        inArray(downloads.state, [...endedStates]),
        isNull(downloads.objectsRemovedAt),
        or(ne(downloads.state, 'expired'), lt(downloads.finishedAt, expiredBefore), sql`not ${isStreamed}`),
      ),
    )
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
