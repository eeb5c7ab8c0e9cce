import type { Executor } from '@sheaf/db/database';
import { type DecisionSubject, loadDecisionFacts } from '@sheaf/db/downloads/load-decision-facts';
import { readVisibility } from '@sheaf/db/visibility/read-visibility';
import { AppError } from '@sheaf/domain/app-error';
import { decideDownload } from '@sheaf/domain/decide-download';
import type { DownloadDecision } from '@sheaf/domain/download-decision';
import type { Acceptance } from '@sheaf/domain/licence';
import { outcomeJson } from './outcome-json.ts';

export interface DecidedRequest {
  decision: DownloadDecision;
  /** What of `acceptLicences` is evidence: the terms in force of licences that the selection needs. */
  accepted: Acceptance[];
  /** The administrator's limit on one request. */
  maxAssets: number;
}

/**
 * Decides a request on the facts as they are now. Of a request for more assets than allowed no asset is looked at: it
 * has no outcomes. Throws `input.invalid` where it accepts a licence that does not exist.
 */
export async function decideRequest(executor: Executor, subject: DecisionSubject): Promise<DecidedRequest> {
  const { request } = subject;
  const assets = request.assetIds.length;
  const { configuration } = await readVisibility(executor);
  const tooMany = assets > configuration.maxAssetsPerDownload;
  const looked = tooMany ? { ...subject, request: { ...request, assetIds: [] } } : subject;
  const facts = await loadDecisionFacts(executor, looked);
  const unknown = request.acceptLicences.flatMap(({ licenceId }, index) =>
    facts.licences.has(licenceId)
      ? []
      : [{ path: `/acceptLicences/${index}/licenceId`, message: 'must name a licence that exists' }],
  );
  if (unknown.length > 0) {
    throw new AppError('input.invalid', 'A licence that was accepted does not exist.', { detail: { errors: unknown } });
  }
  const decision = tooMany ? refusedUnseen(decideDownload(facts), assets) : decideDownload(facts);
  const inForce = new Map(decision.licences.map(({ licenceId, approved, sha256 }) => [licenceId, approved && sha256]));
  return {
    decision,
    accepted: request.acceptLicences.filter(({ licenceId, sha256 }) => inForce.get(licenceId) === sha256),
    maxAssets: configuration.maxAssetsPerDownload,
  };
}

/** The decision about none of the assets as one about so many that they were not looked at. */
function refusedUnseen(decision: DownloadDecision, assets: number): DownloadDecision {
  const counts = { ...decision.counts, assets, excluded: assets };
  return { ...decision, counts, verdict: 'download.too_many_assets' };
}

/** Throws the error of a verdict that refuses; `download.assets_refused` carries every outcome. */
export function assertAllowed({ decision, maxAssets }: Pick<DecidedRequest, 'decision' | 'maxAssets'>): void {
  const { verdict, outcomes, counts } = decision;
  switch (verdict) {
    case 'allowed':
      return;
    case 'download.empty':
      throw new AppError(verdict, 'No asset is selected.');
    case 'download.too_many_assets':
      throw new AppError(verdict, `A download may have at most ${maxAssets} assets, not ${counts.assets}.`, {
        detail: { limit: maxAssets, counts },
      });
    case 'download.assets_refused':
      throw new AppError(verdict, refusalText(counts), { detail: { counts, outcomes: outcomes.map(outcomeJson) } });
  }
}

function refusalText({ included, assets }: DownloadDecision['counts']): string {
  return included === 0
    ? 'None of the assets can be downloaded.'
    : `Only ${included} of ${assets} assets can be downloaded completely; \`unavailable: "skip"\` leaves the rest out.`;
}
