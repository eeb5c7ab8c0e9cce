import type { Asset } from './asset.ts';
import { bundleExpiry, contentEnd } from './bundle-expiry.ts';
import { chooseRenditions } from './choose-renditions.ts';
import { type AssetDecision, decideAsset } from './decide-asset.ts';
import type { DecisionFacts, DownloadDecision } from './download-decision.ts';
import { endingAssets } from './ending-assets.ts';
import { estimateRenderSize } from './estimate-render-size.ts';
import { groupLicences } from './group-licences.ts';
import { licenceRefusals } from './licence-refusals.ts';
import { nameEntries } from './name-entries.ts';
import { needsBackground } from './needs-background.ts';
import type { Outcome } from './outcome.ts';
import { planEntries } from './plan-entries.ts';
import { renditionAccess } from './rendition-access.ts';
import { isOnDemand } from './rendition-refusal.ts';
import { splitParts } from './split-parts.ts';

/**
 * The decision about one request: what is included under which names, what is left out and why, in which parts, until
 * when, and whether the request may go on. Pure. Ids that occur twice in the request are decided once.
 *
 * An outcome is decided even when the verdict refuses the request, so that a refusal can say why for each asset.
 */
export function decideDownload(facts: DecisionFacts): DownloadDecision {
  const { request, actor, licences, visibility, now } = facts;
  const refusalOf = licenceRefusals(facts);
  const assetFacts = {
    ...{ request, actor, visibility, now, licenceRefusal: refusalOf },
    withoutLicences: new Set(request.withoutLicences),
    choose: chooseRenditions(request, renditionAccess(actor, visibility)),
  };
  const decisions = [...new Set(request.assetIds)].map((assetId) =>
    decideAsset(assetId, facts.assets.get(assetId), assetFacts),
  );

  const included = decisions.filter(isIncluded);
  const names = nameEntries(included, request.layout);
  const plans = included.map(({ asset, renditions }, index) => planEntries(asset, renditions, names[index]!.paths));
  const { parts, partOfAsset } = splitParts(plans, request);

  let next = 0;
  const outcomes = decisions.map((decision): Outcome => {
    const { assetId, asset, reason } = decision;
    const title = asset?.title ?? '';
    if (!isIncluded(decision)) {
      return { assetId, title, outcome: 'excluded', reason, entries: [], renamed: false, part: null };
    }
    const index = next++;
    const { renamed } = names[index]!;
    return { assetId, title, outcome: 'included', reason, entries: plans[index]!, renamed, part: partOfAsset[index]! };
  });

  const counts = {
    assets: outcomes.length,
    included: included.length,
    excluded: outcomes.length - included.length,
    entries: sum(parts, ({ entries }) => entries),
    renamed: names.filter(({ renamed }) => renamed).length,
  };
  const contentSize = sum(parts, (part) => part.contentSize);
  const toRender = included.flatMap(({ renditions }) => renditions.filter(({ state }) => state === 'pending'));
  const entriesToRender = toRender.length;
  const renderEstimate = sum(toRender, estimateRenderSize);
  const verdict = judge(outcomes, facts);
  const direct = verdict === 'allowed' ? directEntry(outcomes, facts) : null;
  const contentEndsAt = contentEnd(included, licences, now);
  const size = { assets: included.length, contentSize, entriesToRender };
  return {
    outcomes,
    counts,
    contentSize,
    entriesToRender,
    renderEstimate,
    licences: groupLicences(decisions, licences, refusalOf, now),
    ...endingAssets(decisions, visibility.expiringWithinDays, now),
    parts,
    background: direct === null && needsBackground(size, request, visibility.background),
    direct,
    contentEndsAt,
    expiresAt: bundleExpiry(contentEndsAt, visibility.linkTtlHours, now),
    verdict,
  };
}

function isIncluded(decision: AssetDecision): decision is AssetDecision & { asset: Asset } {
  return decision.asset !== null && decision.renditions.length > 0;
}

function sum<Item>(items: readonly Item[], amountOf: (item: Item) => number): number {
  return items.reduce((total, item) => total + amountOf(item), 0);
}

/**
 * Rule 12, and `unavailable: 'fail'`. To leave expired assets out is what `expiredAssets: 'exclude'` asks for, and to
 * leave out the assets of a licence that was removed is what removing it asks for: neither refuses anything while
 * something else remains. The limit on assets is one on what may be asked for: a download that exists keeps its size.
 */
function judge(outcomes: readonly Outcome[], facts: DecisionFacts): DownloadDecision['verdict'] {
  const { request, downloadId, visibility } = facts;
  if (outcomes.length === 0) return 'download.empty';
  if (downloadId === null && outcomes.length > visibility.maxAssetsPerDownload) return 'download.too_many_assets';
  if (!outcomes.some(({ outcome }) => outcome === 'included')) return 'download.assets_refused';
  if (request.unavailable === 'skip') return 'allowed';
  const fallsShort = outcomes.some(
    ({ reason }) =>
      reason !== null &&
      reason !== 'licence.removed' &&
      !(reason === 'asset.expired' && request.expiredAssets === 'exclude'),
  );
  return fallsShort ? 'download.assets_refused' : 'allowed';
}

/**
 * Rule 10: the one file of a single asset that was chosen as such, an original above all, is never archived. One that is
 * rendered on demand may be pending still: its URL renders it.
 */
function directEntry(outcomes: readonly Outcome[], { request }: DecisionFacts): DownloadDecision['direct'] {
  const [outcome] = outcomes;
  if (outcomes.length !== 1 || outcome === undefined) return null;
  const chosen = request.renditionIds ?? request.renditionNames;
  if (chosen === null && request.renditions !== 'originals') return null;
  const [entry] = outcome.entries;
  if (outcome.entries.length !== 1 || entry === undefined) return null;
  if (entry.size === null && !isOnDemand(entry)) return null;
  return { assetId: outcome.assetId, renditionId: entry.renditionId };
}
