import type { Actor } from '@sheaf/domain/actor';
import type { DecisionFacts } from '@sheaf/domain/download-decision';
import type { DownloadRequest } from '@sheaf/domain/download-request';
import { loadAssets } from '../catalogue/load-assets.ts';
import { loadLicences } from '../catalogue/load-licences.ts';
import type { Executor } from '../database.ts';
import { readVisibility } from '../visibility/read-visibility.ts';
import { loadAcceptances } from './load-acceptances.ts';

export interface DecisionSubject {
  request: DownloadRequest;
  actor: Actor;
  now: Date;
}

/**
 * Everything that the decision about a request depends on, in a fixed number of statements whatever the number of
 * assets. `licences` also has those that the request accepts, where they exist.
 */
export async function loadDecisionFacts(
  executor: Executor,
  { request, actor, now }: DecisionSubject,
): Promise<DecisionFacts> {
  const [assets, { configuration: visibility }] = await Promise.all([
    loadAssets(executor, request.assetIds),
    readVisibility(executor),
  ]);
  const licenceIds = new Set(request.acceptLicences.map(({ licenceId }) => licenceId));
  for (const { licenceId } of assets.values()) {
    if (licenceId !== null) licenceIds.add(licenceId);
  }
  const [licences, acceptances] = await Promise.all([
    loadLicences(executor, [...licenceIds]),
    loadAcceptances(executor, actor.id, [...licenceIds]),
  ]);
  return { request, actor, assets, licences, acceptances, visibility, now };
}
