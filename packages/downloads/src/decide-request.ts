import type { Executor } from '@sheaf/db/database';
import { type DecisionSubject, loadDecisionFacts } from '@sheaf/db/downloads/load-decision-facts';
import type { AcceptedVersion } from '@sheaf/db/downloads/record-acceptances';
import { readVisibility } from '@sheaf/db/visibility/read-visibility';
import { AppError } from '@sheaf/domain/app-error';
import { decideDownload } from '@sheaf/domain/decide-download';
import type { DecisionFacts, DownloadDecision } from '@sheaf/domain/download-decision';
import { unneededAcceptances } from '@sheaf/domain/unneeded-acceptances';
import { outcomeJson } from './outcome-json.ts';

type FieldError = { path: string; message: string };

export interface DecidedRequest {
  decision: DownloadDecision;
  /** What of `acceptLicences` is evidence: the terms in force of licences that the selection needs. */
  accepted: AcceptedVersion[];
  /** The administrator's limit on one request. */
  maxAssets: number;
}

/**
 * Decides a request on the facts as they are now. Of a request for more assets than allowed no asset is looked at: it
 * has no outcomes. Throws `input.invalid` where it accepts a licence that the selection has no use for, and where it
 * chooses rendition names for several assets while that is switched off.
 *
 * How many assets and which names may be asked for is judged once, when somebody asks: neither keeps a download that
 * exists (`downloadId`) from being retried.
 */
export async function decideRequest(executor: Executor, subject: DecisionSubject): Promise<DecidedRequest> {
  const { request } = subject;
  const assets = request.assetIds.length;
  const { configuration } = await readVisibility(executor);
  const exists = subject.downloadId !== undefined;
  const tooMany = !exists && assets > configuration.maxAssetsPerDownload;
  const looked = tooMany ? { ...subject, request: { ...request, assetIds: [] } } : subject;
  const facts = await loadDecisionFacts(executor, { ...looked, visibility: configuration });
  const errors = [...(exists ? [] : nameErrors(facts)), ...acceptanceErrors(facts, tooMany)];
  if (errors.length > 0) {
    throw new AppError('input.invalid', 'The request asks for what it cannot have.', { detail: { errors } });
  }
  const decision = tooMany ? refusedUnseen(decideDownload(facts), assets) : decideDownload(facts);
  const inForce = new Map(decision.licences.filter(({ approved }) => approved).map((need) => [need.licenceId, need]));
  return {
    decision,
    accepted: request.acceptLicences.flatMap(({ licenceId, sha256 }) => {
      const need = inForce.get(licenceId);
      return need?.sha256 === sha256 ? [{ licenceId, sha256, version: need.version }] : [];
    }),
    maxAssets: configuration.maxAssetsPerDownload,
  };
}

/** Rule 3, beyond the seed. */
function nameErrors({ request, visibility }: DecisionFacts): FieldError[] {
  if (request.renditionNames === null || visibility.multiSelectRenditionNames) return [];
  return [{ path: '/renditionNames', message: 'cannot be chosen: that is switched off' }];
}

/** Nobody accepts terms by accident: what is not needed was not meant. Of assets not looked at, only that it exists. */
function acceptanceErrors(facts: DecisionFacts, unseen: boolean): FieldError[] {
  const { acceptLicences } = facts.request;
  const unneeded = new Set(unseen ? [] : unneededAcceptances(facts));
  return acceptLicences.flatMap(({ licenceId }, index) => {
    const path = `/acceptLicences/${index}/licenceId`;
    if (!facts.licences.has(licenceId)) return [{ path, message: 'must name a licence that exists' }];
    return unneeded.has(index)
      ? [{ path, message: 'must name a licence that an asset of the selection is under' }]
      : [];
  });
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
