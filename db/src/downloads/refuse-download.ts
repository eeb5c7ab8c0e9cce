import type { DownloadDecision } from '@sheaf/domain/download-decision';
import { eq } from 'drizzle-orm';
import { appendAuditEvent } from '../audit/append-audit-event.ts';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';
import { endClaim } from './end-claim.ts';
import type { ClaimKey } from './held-by-claim.ts';
import { updateOutcomes } from './update-outcomes.ts';

export interface Refusal extends ClaimKey {
  decision: DownloadDecision;
  error: { code: string; message: string };
  now: Date;
}

/**
 * Fails a download that the rules no longer allow, with the outcomes that say why. In a transaction. False when the
 * claim no longer held.
 */
export async function refuseDownload(
  tx: Executor,
  { downloadId, epoch, decision, error, now }: Refusal,
): Promise<boolean> {
  const event = await endClaim(tx, {
    downloadId,
    epoch,
    state: 'failed',
    error,
    step: 'gather',
    cause: mostFrequentReason(decision),
    now,
  });
  if (event === null) return false;
  const { included, excluded } = decision.counts;
  await tx.update(downloads).set({ included, excluded }).where(eq(downloads.id, downloadId));
  await updateOutcomes(tx, downloadId, decision.outcomes);
  await appendAuditEvent(tx, { ...event, detail: { ...event.detail, counts: { included, excluded } } });
  return true;
}

function mostFrequentReason({ outcomes }: DownloadDecision): string | undefined {
  const counts = new Map<string, number>();
  for (const { reason } of outcomes) if (reason !== null) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0];
}
