import type { DownloadState } from '@sheaf/domain/download-state';
import { and, asc, inArray, isNull, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';
import { outbox } from '../schema/jobs.ts';
import { askForStep } from './ask-for-step.ts';

const openStates: readonly DownloadState[] = ['requested', 'queued', 'gathering', 'packing'];

/**
 * Asks again for the step of downloads that nobody holds and that no outbox row stands for: the queue may have lost
 * their job. Where it has not, the job's id is taken and nothing is added. In a transaction. Returns how many.
 */
export async function askForWaiting(
  tx: Executor,
  { olderThanSeconds, limit }: { olderThanSeconds: number; limit: number },
): Promise<number> {
  const waiting = await tx
    .select({
      downloadId: downloads.id,
      epoch: downloads.epoch,
      requesterId: downloads.requesterId,
      state: downloads.state,
      queuePlace: downloads.queuePlace,
    })
    .from(downloads)
    .where(
      and(
        inArray(downloads.state, [...openStates]),
        isNull(downloads.leaseUntil),
        sql`${downloads.createdAt} < now() - ${olderThanSeconds} * interval '1 second'`,
        sql`not exists (select from ${outbox} where ${outbox.payload} ->> 'downloadId' = ${downloads.id}::text)`,
      ),
    )
    .orderBy(asc(downloads.id))
    .limit(limit)
    .for('update', { skipLocked: true });
  await askForStep(
    tx,
    ...waiting.map(({ state, queuePlace, ...download }) => ({
      ...download,
      // Its turn had come already: a worker had it and let go of it.
      again: queuePlace === 0,
      step: state === 'packing' ? ('pack' as const) : ('gather' as const),
    })),
  );
  return waiting.length;
}
