import type { DownloadDecision } from '@sheaf/domain/download-decision';
import { statesBefore } from '@sheaf/domain/download-state';
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { bundleParts } from '../schema/bundles.ts';
import { downloadItems, downloads } from '../schema/downloads.ts';
import { askForStep } from './ask-for-step.ts';
import type { DecisionMoment } from './decision-moment.ts';
import { insertDownloadItems } from './insert-download-items.ts';
import { insertDownloadLicences } from './insert-download-licences.ts';
import type { LockedDownload } from './lock-download.ts';

/**
 * Starts a locked download over with a fresh decision. Its epoch grows, so that what an earlier worker or job of it
 * still does has no effect. Returns false in a state that cannot be retried.
 */
export async function restartDownload(
  tx: Executor,
  { id, requesterId }: LockedDownload,
  decision: DownloadDecision,
  now: Date,
  moment: DecisionMoment | null = null,
): Promise<boolean> {
  // Gathering may pass on what was decided as of a moment.
  const kept = decision.verdict === 'allowed' ? moment : null;
  const [restarted] = await tx
    .update(downloads)
    .set({
      state: 'requested',
      background: decision.background,
      included: decision.counts.included,
      excluded: decision.counts.excluded,
      entriesDone: 0,
      entriesTotal: decision.counts.entries,
      bytesDone: 0,
      bytesTotal: decision.contentSize + decision.renderEstimate,
      decidedIn: kept?.decidedIn ?? null,
      decidedAt: kept?.decidedAt ?? null,
      contentEndsAt: decision.contentEndsAt,
      chargedAt: now,
      epoch: sql`${downloads.epoch} + 1`,
      leaseUntil: null,
      workerId: null,
      crashes: 0,
      crashEpochs: [],
      attempts: 0,
      cancelRequestedAt: null,
      error: null,
      queuedAt: null,
      startedAt: null,
      stepStartedAt: null,
      queuePlace: null,
      readyAt: null,
      finishedAt: null,
      expectedReadyAt: null,
      expiresAt: null,
      objectsRemovedAt: null,
      delivery: null,
    })
    .where(and(eq(downloads.id, id), inArray(downloads.state, statesBefore('requested'))))
    .returning({ epoch: downloads.epoch });
  if (restarted === undefined) return false;
  await tx.delete(bundleParts).where(eq(bundleParts.downloadId, id));
  await tx.delete(downloadItems).where(eq(downloadItems.downloadId, id));
  await insertDownloadItems(tx, id, decision.outcomes);
  await insertDownloadLicences(tx, id, decision.licences);
  await askForStep(tx, { downloadId: id, epoch: restarted.epoch, requesterId, step: 'gather' });
  return true;
}
