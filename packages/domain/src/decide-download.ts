import type { Asset } from './asset.ts';
import { bundleExpiry } from './bundle-expiry.ts';
import { type AssetDecision, decideAsset } from './decide-asset.ts';
import type { DecisionFacts, DownloadDecision } from './download-decision.ts';
import { endingAssets } from './ending-assets.ts';
import { groupLicences } from './group-licences.ts';
import type { Acceptance } from './licence.ts';
import { type LicenceReason, licenceRefusal } from './licence-refusal.ts';
import { nameEntries } from './name-entries.ts';
import { needsBackground } from './needs-background.ts';
import type { Outcome } from './outcome.ts';
import { planEntries } from './plan-entries.ts';
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
  const assetFacts = { request, actor, visibility, now, licenceRefusal: refusalOf };
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
    entries: sum(plans, (entries) => entries.length),
    renamed: sum(names, ({ renamed }) => (renamed ? 1 : 0)),
  };
  const contentSize = sum(parts, (part) => part.contentSize);
  const entriesToRender = sum(plans, (entries) => sum(entries, ({ size }) => (size === null ? 1 : 0)));
  const verdict = judge(outcomes, facts);
  const direct = verdict === 'allowed' ? directEntry(outcomes, facts) : null;
  const size = { assets: included.length, contentSize, entriesToRender };
  return {
    outcomes,
    counts,
    contentSize,
    entriesToRender,
    licences: groupLicences(decisions, licences, refusalOf, now),
    ...endingAssets(decisions, visibility.expiringWithinDays, now),
    parts,
    background: direct === null && needsBackground(size, request, visibility.background),
    direct,
    expiresAt: bundleExpiry(included, licences, visibility.linkTtlHours, now),
    verdict,
  };
}

function isIncluded(decision: AssetDecision): decision is AssetDecision & { asset: Asset } {
  return decision.asset !== null && decision.renditions.length > 0;
}

function sum<Item>(items: readonly Item[], amountOf: (item: Item) => number): number {
  return items.reduce((total, item) => total + amountOf(item), 0);
}

/** Thousands of assets share few licences: each is judged once, against its own acceptances only. */
function licenceRefusals({ request, licences, acceptances, now }: DecisionFacts) {
  const acceptancesOf = new Map<string, Acceptance[]>();
  for (const acceptance of [...acceptances, ...request.acceptLicences]) {
    const known = acceptancesOf.get(acceptance.licenceId);
    if (known === undefined) acceptancesOf.set(acceptance.licenceId, [acceptance]);
    else known.push(acceptance);
  }
  const judged = new Map<string, LicenceReason | null>();
  return (licenceId: string): LicenceReason | null => {
    let refusal = judged.get(licenceId);
    if (refusal === undefined) {
      refusal = licenceRefusal(licences.get(licenceId), acceptancesOf.get(licenceId) ?? [], now);
      judged.set(licenceId, refusal);
    }
    return refusal;
  };
}

/**
 * Rule 12, and `unavailable: 'fail'`. Leaving expired assets out is what `expiredAssets: 'exclude'` asks for, so that
 * alone refuses nothing while something else remains.
 */
function judge(outcomes: readonly Outcome[], { request, visibility }: DecisionFacts): DownloadDecision['verdict'] {
  if (outcomes.length === 0) return 'download.empty';
  if (outcomes.length > visibility.maxAssetsPerDownload) return 'download.too_many_assets';
  if (!outcomes.some(({ outcome }) => outcome === 'included')) return 'download.assets_refused';
  if (request.unavailable === 'skip') return 'allowed';
  const fallsShort = outcomes.some(
    ({ reason }) => reason !== null && !(reason === 'asset.expired' && request.expiredAssets === 'exclude'),
  );
  return fallsShort ? 'download.assets_refused' : 'allowed';
}

/** Rule 10: a single original is never archived. */
function directEntry(outcomes: readonly Outcome[], { request }: DecisionFacts): DownloadDecision['direct'] {
  const [outcome] = outcomes;
  if (outcomes.length !== 1 || outcome === undefined || request.renditions !== 'originals') return null;
  const [entry] = outcome.entries;
  if (outcome.entries.length !== 1 || entry === undefined || entry.size === null) return null;
  return { assetId: outcome.assetId, renditionId: entry.renditionId };
}
