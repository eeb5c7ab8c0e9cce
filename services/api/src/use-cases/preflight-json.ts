import type { PreflightJson } from '@sheaf/contract/preflight';
import type { DownloadDecision } from '@sheaf/domain/download-decision';
import { outcomeJson } from './outcome-json.ts';
import { renditionContentPath } from './rendition-content-path.ts';

/** A decision as the API shows it. */
export function preflightJson(decision: DownloadDecision): Omit<PreflightJson, 'quota' | 'quotaExceeded'> {
  const { direct } = decision;
  return {
    verdict: decision.verdict,
    outcomes: decision.outcomes.map(outcomeJson),
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
    })),
    background: decision.background,
    direct: direct === null ? null : renditionContentPath(direct),
    expiresAt: decision.expiresAt.toISOString(),
  };
}
