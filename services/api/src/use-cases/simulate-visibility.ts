import { setImmediate } from 'node:timers/promises';
import type { SimulatedDownloadJson, VisibilitySimulationJson } from '@sheaf/contract/visibility-simulation';
import type { Executor } from '@sheaf/db/database';
import { listRecentDownloads, type RecentDownload } from '@sheaf/db/downloads/list-recent-downloads';
import { loadDecisionFacts } from '@sheaf/db/downloads/load-decision-facts';
import { loadDownloadRequest } from '@sheaf/db/downloads/load-download-request';
import { readVisibility } from '@sheaf/db/visibility/read-visibility';
import { assertConsistent } from '@sheaf/db/visibility/write-visibility';
import { compareDecisions, type DecisionDifference } from '@sheaf/domain/compare-decisions';
import { decideDownload } from '@sheaf/domain/decide-download';
import type { DownloadDecision } from '@sheaf/domain/download-decision';
import type { VisibilityConfiguration } from '@sheaf/domain/visibility-configuration';

/** Of each download. */
const mostShownAssets = 100;

/** Of all downloads of one simulation: about two seconds of deciding. */
const usualAssetBudget = 200_000;

export interface Simulation {
  proposed: VisibilityConfiguration;
  /** How many downloads to look at. */
  last: number;
  now: Date;
  assetBudget?: number;
}

interface Simulated {
  json: SimulatedDownloadJson;
  difference: DecisionDifference;
}

/**
 * Decides each of the last downloads for its requester as of now, under the configuration in force and under a proposed
 * one, and says what would change. Writes nothing. Lets other requests have their turn between two decisions. Throws
 * `input.invalid` as a change to that configuration would.
 */
export async function simulateVisibility(
  executor: Executor,
  { proposed, last, now, assetBudget = usualAssetBudget }: Simulation,
): Promise<VisibilitySimulationJson> {
  await assertConsistent(executor, proposed);
  const { version, configuration: current } = await readVisibility(executor);
  const simulated: Simulated[] = [];
  const skipped: VisibilitySimulationJson['skipped'] = [];
  let assetsLeft = assetBudget;
  for (const download of await listRecentDownloads(executor, last)) {
    const skip = (why: 'too_many_assets' | 'requester_disabled') =>
      skipped.push({ ...downloadJson(download), assets: download.assets, why });
    if (download.assets > assetsLeft) {
      skip('too_many_assets');
      continue;
    }
    const { request, actor, disabledAt } = await loadDownloadRequest(executor, download.id);
    if (disabledAt !== null) {
      skip('requester_disabled');
      continue;
    }
    assetsLeft -= download.assets;
    const subject = { request, actor, downloadId: download.id, visibility: current, now };
    const facts = await loadDecisionFacts(executor, subject);
    const before = askedFor(decideDownload(facts), current);
    await setImmediate();
    const after = askedFor(decideDownload({ ...facts, visibility: proposed }), proposed);
    const names = request.renditionNames !== null;
    simulated.push(
      simulatedDownload(
        download,
        { decision: before, refused: names && !current.multiSelectRenditionNames },
        { decision: after, refused: names && !proposed.multiSelectRenditionNames },
      ),
    );
    await setImmediate();
  }
  return { version, totals: totalsOf(simulated), downloads: simulated.map(({ json }) => json), skipped };
}

/** The decision as if the download were asked for now: one that exists may keep its size, whatever the limit. */
function askedFor(decision: DownloadDecision, { maxAssetsPerDownload }: VisibilityConfiguration): DownloadDecision {
  return decision.counts.assets > maxAssetsPerDownload
    ? { ...decision, verdict: 'download.too_many_assets' }
    : decision;
}

interface Side {
  decision: DownloadDecision;
  /** The request itself would be invalid: rendition names cannot be chosen. */
  refused: boolean;
}

function simulatedDownload(download: RecentDownload, before: Side, after: Side): Simulated {
  const difference = compareDecisions(before.decision, after.decision);
  const { assets, backgroundChanged } = difference;
  const verdictChanged = difference.verdictChanged || before.refused !== after.refused;
  const json = {
    ...downloadJson(download),
    changed: assets.length > 0 || verdictChanged || backgroundChanged,
    before: sideJson(before),
    after: sideJson(after),
    changedAssets: assets.length,
    assets: assets.slice(0, mostShownAssets),
  };
  return { json, difference };
}

function downloadJson({ id, name, state, requester, createdAt }: RecentDownload) {
  return { id, name, state, requester, createdAt: createdAt.toISOString() };
}

function sideJson({ decision, refused }: Side): SimulatedDownloadJson['before'] {
  const { counts, background } = decision;
  const verdict = refused ? 'input.invalid' : decision.verdict;
  return { included: counts.included, excluded: counts.excluded, files: counts.entries, background, verdict };
}

function totalsOf(simulated: readonly Simulated[]): VisibilitySimulationJson['totals'] {
  const total = (amountOf: (one: Simulated) => number) => simulated.reduce((sum, one) => sum + amountOf(one), 0);
  return {
    downloads: simulated.length,
    changedDownloads: simulated.filter(({ json }) => json.changed).length,
    assets: total(({ json }) => json.before.included + json.before.excluded),
    changedAssets: total(({ json }) => json.changedAssets),
    newlyIncluded: total(({ difference }) => difference.counts.included),
    newlyExcluded: total(({ difference }) => difference.counts.excluded),
    filesGained: total(({ difference }) => difference.counts.gained),
    filesLost: total(({ difference }) => difference.counts.lost),
  };
}
