import type { AuditEvent } from '@sheaf/domain/audit-event';
import type { DownloadState } from '@sheaf/domain/download-state';
import { poisonCode } from '@sheaf/domain/is-quarantined';
import { and, asc, eq, inArray, lt, sql } from 'drizzle-orm';
import { appendAuditEvents } from '../audit/append-audit-event.ts';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';
import { askForStep } from './ask-for-step.ts';
import { countCrash, crashesWithThis, maxCrashes, mostCrashes } from './claim-download.ts';
import { endClaim } from './end-claim.ts';
import { workersDieAnyway } from './workers-die-anyway.ts';

const heldStates: readonly DownloadState[] = ['gathering', 'packing'];

/** Downloads whose worker was lost: taken up again, or quarantined as poison. */
export interface Recovered {
  asked: number;
  failed: number;
}

/**
 * Takes downloads away from workers that fell silent (their lease ran out) and asks for their step again; the one that
 * lost `maxCrashes` workers fails with `download.worker_lost`, which quarantines it (`isQuarantined`), unless workers die
 * with and without it. In a transaction.
 */
export async function recoverLostClaims(
  tx: Executor,
  { now, limit }: { now: Date; limit: number },
): Promise<Recovered> {
  const lost = await tx
    .select({ id: downloads.id, state: downloads.state, crashes: crashesWithThis })
    .from(downloads)
    .where(and(inArray(downloads.state, [...heldStates]), lt(downloads.leaseUntil, sql`now()`)))
    .orderBy(asc(downloads.leaseUntil))
    .limit(limit)
    .for('update', { skipLocked: true });

  const result: Recovered = { asked: 0, failed: 0 };
  const events: AuditEvent[] = [];
  for (const { id, state, crashes } of lost) {
    const step = state === 'packing' ? 'pack' : 'gather';
    const [taken] = await tx
      .update(downloads)
      .set({
        state: step === 'pack' ? 'packing' : 'queued',
        // What the silent worker still does has no effect from here on.
        epoch: sql`${downloads.epoch} + 1`,
        ...countCrash,
        leaseUntil: null,
        workerId: null,
        queuePlace: 0,
        entriesDone: 0,
        bytesDone: 0,
      })
      .where(and(eq(downloads.id, id), inArray(downloads.state, [...heldStates])))
      .returning({ downloadId: downloads.id, epoch: downloads.epoch, requesterId: downloads.requesterId });
    if (taken === undefined) continue;
    if (crashes < maxCrashes || (crashes < mostCrashes && (await workersDieAnyway(tx, id)))) {
      await askForStep(tx, { ...taken, step, again: true });
      result.asked += 1;
    } else {
      const event = await endClaim(tx, { ...taken, step, state: 'failed', error: workerLost(crashes), now });
      if (event !== null) {
        const quarantined = { at: now, action: 'download.quarantined', downloadId: id } as const;
        events.push(event, { ...quarantined, detail: { step, crashes } });
      }
      result.failed += 1;
    }
  }
  await appendAuditEvents(tx, events);
  return result;
}

function workerLost(crashes: number) {
  const message =
    `Preparing the download stopped its worker ${crashes} times. ` +
    'An administrator has to look at it before it is tried again.';
  return { code: poisonCode, message };
}
