import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';
import type { ClaimKey } from './held-by-claim.ts';

/**
 * A worker that lost its claim is alive all the same: the download did not kill it, and the crash that was counted for that
 * claim counts no more. Does nothing where none was, where it was forgiven before, or where the download has ended.
 */
export async function forgiveCrash(executor: Executor, { downloadId, epoch }: ClaimKey): Promise<void> {
  await executor
    .update(downloads)
    .set({
      crashes: sql`${downloads.crashes} - 1`,
      crashEpochs: sql`array_remove(${downloads.crashEpochs}, ${epoch})`,
    })
    .where(
      and(
        eq(downloads.id, downloadId),
        sql`${epoch} = any(${downloads.crashEpochs})`,
        inArray(downloads.state, ['queued', 'gathering', 'packing']),
      ),
    );
}
