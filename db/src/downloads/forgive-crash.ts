import { and, eq, gt, inArray, lte, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';
import type { ClaimKey } from './held-by-claim.ts';

/**
 * A worker that lost its claim is alive all the same: the download did not kill it, and the crash that was counted for that
 * claim counts no more. Called once for a claim. Does nothing where the download has ended, or others have claimed it since.
 */
export async function forgiveCrash(executor: Executor, { downloadId, epoch }: ClaimKey): Promise<void> {
  await executor
    .update(downloads)
    .set({ crashes: sql`${downloads.crashes} - 1` })
    .where(
      and(
        eq(downloads.id, downloadId),
        // Taking it away raises the epoch, and so does the next claim.
        gt(downloads.epoch, epoch),
        lte(downloads.epoch, epoch + 2),
        gt(downloads.crashes, 0),
        inArray(downloads.state, ['queued', 'gathering', 'packing']),
      ),
    );
}
