import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';
import { askForStep } from './ask-for-step.ts';
import type { DownloadStep } from './claim-download.ts';
import { type ClaimKey, heldByClaim } from './held-by-claim.ts';

export interface HandBack extends ClaimKey {
  /** What has to be done next; `gather` starts over. */
  next: DownloadStep;
  /** Whether the run failed; else the worker merely had to let go. */
  failed: boolean;
  /** Pause before the next run. */
  delayMs: number;
}

/** Lets a claimed download go, to be taken up again later. In a transaction. False when the claim no longer held. */
export async function handBackDownload(tx: Executor, { next, failed, delayMs, ...claim }: HandBack): Promise<boolean> {
  const startsOver = next === 'gather';
  const [row] = await tx
    .update(downloads)
    .set({
      state: startsOver ? 'queued' : 'packing',
      leaseUntil: null,
      workerId: null,
      queuePlace: failed ? null : 0,
      entriesDone: 0,
      bytesDone: 0,
      ...(failed && { attempts: sql`${downloads.attempts} + 1` }),
    })
    .where(heldByClaim(claim, startsOver ? ['gathering', 'packing'] : ['packing']))
    .returning({ requesterId: downloads.requesterId });
  if (row === undefined) return false;
  await askForStep(tx, { ...claim, requesterId: row.requesterId, step: next, delayMs, again: !failed });
  return true;
}
