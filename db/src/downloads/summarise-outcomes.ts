import type { Outcome, Reason } from '@sheaf/domain/outcome';
import { type OutcomeSummary, outcomeSummary } from '@sheaf/domain/outcome-summary';
import { and, asc, count, eq, isNotNull } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloadItems } from '../schema/downloads.ts';

/** An asset that is left out, or included without some of its files. */
export interface IncompleteAsset {
  assetId: string;
  title: string;
  outcome: 'included' | 'excluded';
  reason: Reason;
}

export interface SummarisedOutcomes {
  summary: OutcomeSummary;
  /** The first few, in the order of the request. */
  incomplete: IncompleteAsset[];
}

/** What became of a download's assets, in brief: `incompleteLimit` of those that are not there completely. */
export async function summariseOutcomes(
  executor: Executor,
  downloadId: string,
  incompleteLimit: number,
): Promise<SummarisedOutcomes> {
  const groups = await executor
    .select({ outcome: downloadItems.outcome, reason: downloadItems.reason, assets: count() })
    .from(downloadItems)
    .where(eq(downloadItems.downloadId, downloadId))
    .groupBy(downloadItems.outcome, downloadItems.reason);
  const incomplete = await executor
    .select({
      assetId: downloadItems.assetId,
      title: downloadItems.title,
      outcome: downloadItems.outcome,
      reason: downloadItems.reason,
    })
    .from(downloadItems)
    .where(and(eq(downloadItems.downloadId, downloadId), isNotNull(downloadItems.reason)))
    .orderBy(asc(downloadItems.position))
    .limit(incompleteLimit);
  return {
    summary: outcomeSummary(eachOf(groups)),
    incomplete: incomplete.flatMap(({ reason, ...asset }) => (reason === null ? [] : [{ ...asset, reason }])),
  };
}

function* eachOf(
  groups: readonly (Pick<Outcome, 'outcome' | 'reason'> & { assets: number })[],
): Generator<Pick<Outcome, 'outcome' | 'reason'>> {
  for (const { outcome, reason, assets } of groups) {
    for (let asset = 0; asset < assets; asset += 1) yield { outcome, reason };
  }
}
