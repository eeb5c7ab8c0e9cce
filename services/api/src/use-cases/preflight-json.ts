import { mostNotableOutcomes, type PreflightJson, type PreflightQuery } from '@sheaf/contract/preflight';
import type { DownloadDecision } from '@sheaf/domain/download-decision';
import type { DownloadRequest } from '@sheaf/domain/download-request';
import type { Outcome } from '@sheaf/domain/outcome';
import { outcomeSummary } from '@sheaf/domain/outcome-summary';
import { isOversized } from '@sheaf/domain/split-parts';
import { outcomeJson } from '@sheaf/downloads/outcome-json';
import { renditionContentPath } from './rendition-content-path.ts';

export type ShownOutcomes = NonNullable<PreflightQuery['outcomes']>;

/** A decision as the API shows it. */
export function preflightJson(
  decision: DownloadDecision,
  request: Pick<DownloadRequest, 'partSize'>,
  shown: ShownOutcomes,
): Omit<PreflightJson, 'quota' | 'quotaExceeded'> {
  const { direct } = decision;
  const outcomes = shown === 'all' ? decision.outcomes : notable(decision.outcomes);
  return {
    verdict: decision.verdict,
    outcomes: outcomes.map(outcomeJson),
    reasons: outcomeSummary(decision.outcomes).reasons.map(({ reason, excluded, partial }) => ({
      reason,
      excluded,
      partial,
    })),
    counts: decision.counts,
    licences: decision.licences.map((need) => ({
      ...need,
      // Terms that nobody may read yet are none that could be accepted.
      sha256: need.approved ? need.sha256 : null,
      documentUrl: need.approved && need.sha256 !== null ? `/api/v1/licences/${need.licenceId}/document` : null,
    })),
    expired: decision.expired.map((asset) => ({ ...asset, expiresAt: asset.expiresAt.toISOString() })),
    expiring: decision.expiring.map((asset) => ({ ...asset, expiresAt: asset.expiresAt.toISOString() })),
    size: decision.contentSize,
    entriesToRender: decision.entriesToRender,
    parts: decision.parts.map(({ number, assets, entries, contentSize }) => ({
      number,
      assets,
      entries,
      size: contentSize,
      oversized: isOversized(contentSize, request),
    })),
    background: decision.background,
    direct: direct === null ? null : renditionContentPath(direct),
    expiresAt: decision.expiresAt.toISOString(),
  };
}

/** Of thousands of assets a person looks at those that are not as they were asked for. */
function notable(outcomes: readonly Outcome[]): Outcome[] {
  return outcomes.filter(({ reason, renamed }) => reason !== null || renamed).slice(0, mostNotableOutcomes);
}
