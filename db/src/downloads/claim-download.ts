import type { DownloadState } from '@sheaf/domain/download-state';
import { and, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';

/** A download that kills so many workers in a row without a result is not given to another one. */
export const maxCrashes = 3;

/** Whatever becomes of other workers meanwhile: it may be several downloads that kill them. */
export const mostCrashes = 10;

/**
 * Whether the claim that a download is taken away from has crashed: not where nobody held it, nor where the database has been
 * started since, for then its worker could not tell that it is alive.
 */
const hasCrashed = sql`(${downloads.leaseUntil} is not null
  and coalesce(${downloads.stepStartedAt} >= pg_postmaster_start_time(), true))`;

/** Crashes with that of the claim that a download is taken away from. */
export const crashesWithThis = sql<number>`${downloads.crashes} + ${hasCrashed}::int`;

/** For the update that takes it away. */
export const countCrash = {
  crashes: crashesWithThis,
  crashEpochs: sql`${downloads.crashEpochs} || case when ${hasCrashed} then array[${downloads.epoch}] else '{}'::int[] end`,
};

/** The work on a download, in order. */
export type DownloadStep = 'gather' | 'pack';

/** A download that one worker holds. What it writes carries `epoch`: a later claim makes it void. */
export interface Claim {
  downloadId: string;
  epoch: number;
  step: DownloadStep;
  requesterId: string;
  name: string;
  request: (typeof downloads.$inferSelect)['request'];
  /** Failed runs of this step before this one. */
  attempts: number;
  cancelRequested: boolean;
}

export interface ClaimOptions {
  downloadId: string;
  step: DownloadStep;
  workerId: string;
  leaseSeconds: number;
}

/**
 * Where each step may begin: where it is its turn, or where a worker that fell silent left it. A job may be here before
 * the relay has committed that its download is queued: the claim waits for that, and goes on from whatever it finds.
 */
const steps: Readonly<Record<DownloadStep, { from: DownloadState[]; to: DownloadState }>> = {
  gather: { from: ['requested', 'queued', 'gathering'], to: 'gathering' },
  pack: { from: ['packing'], to: 'packing' },
};

/**
 * Takes a download for one worker until its lease runs out, unless it is held already or it is not this step's turn:
 * then null, and there is nothing to do. Leases are measured by the database's clock, which all workers share.
 */
export async function claimDownload(
  executor: Executor,
  { downloadId, step, workerId, leaseSeconds }: ClaimOptions,
): Promise<Claim | null> {
  const { from, to } = steps[step];
  const abandoned = lt(downloads.leaseUntil, sql`now()`);
  const [row] = await executor
    .update(downloads)
    .set({
      state: to,
      epoch: sql`${downloads.epoch} + 1`,
      leaseUntil: sql`now() + ${leaseSeconds} * interval '1 second'`,
      workerId,
      ...countCrash,
      stepStartedAt: sql`now()`,
      startedAt: sql`coalesce(${downloads.startedAt}, now())`,
    })
    .where(
      and(
        eq(downloads.id, downloadId),
        inArray(downloads.state, from),
        // The last straw is for the sweep to see, which ends the download.
        or(isNull(downloads.leaseUntil), and(abandoned, lt(downloads.crashes, maxCrashes - 1))),
      ),
    )
    .returning({
      downloadId: downloads.id,
      epoch: downloads.epoch,
      requesterId: downloads.requesterId,
      name: downloads.name,
      request: downloads.request,
      attempts: downloads.attempts,
      cancelRequestedAt: downloads.cancelRequestedAt,
    });
  if (row === undefined) return null;
  const { cancelRequestedAt, ...claim } = row;
  return { ...claim, step, cancelRequested: cancelRequestedAt !== null };
}
