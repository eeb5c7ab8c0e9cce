import type { Actor } from '@sheaf/domain/actor';
import type { Asset } from '@sheaf/domain/asset';
import type { DecisionFacts } from '@sheaf/domain/download-decision';
import type { DownloadRequest } from '@sheaf/domain/download-request';
import type { RenditionKind } from '@sheaf/domain/rendition';
import type { VisibilityConfiguration } from '@sheaf/domain/visibility-configuration';
import { findAsset } from '../catalogue/find-asset.ts';
import { loadAssetFacts } from '../catalogue/load-asset-facts.ts';
import { loadLicences } from '../catalogue/load-licences.ts';
import type { Executor } from '../database.ts';
import { withDynamicRenditions } from '../presets/with-dynamic-renditions.ts';
import { readRules } from '../retention/read-rules.ts';
import { loadAcceptances } from './load-acceptances.ts';

export interface DecisionSubject {
  request: DownloadRequest;
  actor: Actor;
  /** The download that is decided again; absent while it is only asked for. */
  downloadId?: string;
  /** What to decide by, where that is not the configuration in force. */
  visibility?: VisibilityConfiguration;
  now: Date;
}

/**
 * Everything that the decision about a request depends on, in a fixed number of statements whatever the number of
 * assets: one for each table, to which blobs are joined. `licences` also has those that the request accepts, where they exist. Assets come with
 * those of their renditions that the request can be about; with what is made on demand for a single one only (rule 3).
 */
export async function loadDecisionFacts(executor: Executor, subject: DecisionSubject): Promise<DecisionFacts> {
  const { request, actor, downloadId = null, now } = subject;
  const [assets, visibility] = await Promise.all([
    loadAskedFor(executor, request, now),
    subject.visibility ?? readRules(executor),
  ]);
  const licenceIds = new Set(request.acceptLicences.map(({ licenceId }) => licenceId));
  for (const { licenceId } of assets.values()) {
    if (licenceId !== null) licenceIds.add(licenceId);
  }
  const [licences, acceptances] = await Promise.all([
    loadLicences(executor, [...licenceIds]),
    loadAcceptances(executor, actor.id, [...licenceIds], { downloadId }),
  ]);
  return { request, actor, assets, licences, acceptances, downloadId, visibility, now };
}

async function loadAskedFor(executor: Executor, request: DownloadRequest, now: Date): Promise<Map<string, Asset>> {
  const { assetIds, renditionIds } = request;
  const [assetId] = assetIds;
  if (renditionIds === null || assetId === undefined || assetIds.length > 1) {
    return loadAssetFacts(executor, assetIds, kindsOf(request));
  }
  const asset = await findAsset(executor, assetId);
  return new Map(asset === null ? [] : [[assetId, await withDynamicRenditions(executor, asset, now)]]);
}

/** Those that a choice for several assets can be about. */
function kindsOf({ renditions, renditionNames }: DownloadRequest): RenditionKind[] {
  if (renditionNames === null && renditions === 'originals') return ['original'];
  return renditionNames === null && renditions === 'static' ? ['static'] : ['original', 'static'];
}
