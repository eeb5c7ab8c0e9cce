import type { DownloadDecision } from '@sheaf/domain/download-decision';
import { and, isNull } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';
import { askForStep } from './ask-for-step.ts';
import type { DecisionMoment } from './decision-moment.ts';
import { type ClaimKey, heldByClaim } from './held-by-claim.ts';
import { updateOutcomes } from './update-outcomes.ts';

/**
 * Ends gathering: writes the decision as what will be packed, with the moment as of which it was made, lets the download
 * go and asks for packing. In a transaction. False when the claim no longer held, or somebody asked for the download to
 * be cancelled.
 */
export async function freezeItems(
  tx: Executor,
  claim: ClaimKey,
  decision: DownloadDecision,
  moment: DecisionMoment | null = null,
): Promise<boolean> {
  const requester = await endGathering(tx, claim, {
    included: decision.counts.included,
    excluded: decision.counts.excluded,
    entriesTotal: decision.counts.entries,
    bytesTotal: decision.contentSize,
    contentEndsAt: decision.contentEndsAt,
    decidedIn: moment?.decidedIn ?? null,
    decidedAt: moment?.decidedAt ?? null,
  });
  if (requester === null) return false;
  await updateOutcomes(tx, claim.downloadId, decision.outcomes);
  await askForStep(tx, { ...claim, ...requester, step: 'pack' });
  return true;
}

/** The same for a download whose items are as they should be. */
export async function freezeAsDecided(tx: Executor, claim: ClaimKey): Promise<boolean> {
  const requester = await endGathering(tx, claim, {});
  if (requester === null) return false;
  await askForStep(tx, { ...claim, ...requester, step: 'pack' });
  return true;
}

async function endGathering(
  tx: Executor,
  claim: ClaimKey,
  changes: Partial<typeof downloads.$inferInsert>,
): Promise<{ requesterId: string } | null> {
  const [row] = await tx
    .update(downloads)
    .set({
      state: 'packing',
      ...changes,
      entriesDone: 0,
      bytesDone: 0,
      leaseUntil: null,
      workerId: null,
      attempts: 0,
    })
    .where(and(heldByClaim(claim, ['gathering']), isNull(downloads.cancelRequestedAt)))
    .returning({ requesterId: downloads.requesterId });
  return row ?? null;
}
