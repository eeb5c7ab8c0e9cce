import type { DownloadDecision } from '@sheaf/domain/download-decision';
import { and, isNull } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';
import { askForStep } from './ask-for-step.ts';
import { type ClaimKey, heldByClaim } from './held-by-claim.ts';
import { updateOutcomes } from './update-outcomes.ts';

/**
 * Ends gathering: writes the decision as what will be packed, lets the download go and asks for packing. In a
 * transaction. False when the claim no longer held, or somebody asked for the download to be cancelled.
 */
export async function freezeItems(tx: Executor, claim: ClaimKey, decision: DownloadDecision): Promise<boolean> {
  const [row] = await tx
    .update(downloads)
    .set({
      state: 'packing',
      included: decision.counts.included,
      excluded: decision.counts.excluded,
      entriesDone: 0,
      entriesTotal: decision.counts.entries,
      bytesDone: 0,
      bytesTotal: decision.contentSize,
      expiresAt: decision.expiresAt,
      leaseUntil: null,
      workerId: null,
      attempts: 0,
    })
    .where(and(heldByClaim(claim, ['gathering']), isNull(downloads.cancelRequestedAt)))
    .returning({ requesterId: downloads.requesterId });
  if (row === undefined) return false;
  await updateOutcomes(tx, claim.downloadId, decision.outcomes);
  await askForStep(tx, { ...claim, requesterId: row.requesterId, step: 'pack' });
  return true;
}
