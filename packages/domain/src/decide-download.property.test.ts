import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideDownload } from './decide-download.ts';
import type { DecisionFacts, DownloadDecision } from './download-decision.ts';
import { reasons } from './outcome.ts';
import { anyFacts } from './testing/any-facts.ts';
import { days, now } from './testing/decision-facts.ts';

const facts = anyFacts.map((generated) => generated.facts);

/** Everything about a decision that must not depend on the order of the request. */
function withoutOrder(decision: DownloadDecision) {
  const { counts, contentSize, entriesToRender, background, direct, expiresAt, verdict, licences } = decision;
  const { renamed: _, ...orderless } = counts;
  return {
    ...{ counts: orderless, contentSize, entriesToRender, background, direct, expiresAt, verdict },
    outcomes: Object.fromEntries(
      decision.outcomes.map(({ assetId, title, outcome, reason, entries }) => [
        assetId,
        { title, outcome, reason, entries: entries.map(({ renditionId }) => renditionId) },
      ]),
    ),
    licences: Object.fromEntries(
      licences.map((need) => [need.licenceId, { ...need, assetIds: need.assetIds.toSorted() }]),
    ),
    expired: new Set(decision.expired.map(({ assetId }) => assetId)),
    expiring: new Set(decision.expiring.map(({ assetId }) => assetId)),
  };
}

function always(predicate: (facts: DecisionFacts, decision: DownloadDecision) => void, numRuns = 400) {
  fc.assert(
    fc.property(facts, (given) => predicate(given, decideDownload(given))),
    { numRuns },
  );
}

describe('for any selection, settings, licences, expiries and names', () => {
  test('every asset has exactly one outcome, in order, and an excluded one has a reason and nothing else', () => {
    always(({ request }, { outcomes, counts, parts }) => {
      expect(outcomes.map(({ assetId }) => assetId)).toEqual(request.assetIds);
      for (const { outcome, reason, entries, part, renamed } of outcomes) {
        if (reason !== null) expect(reasons).toContain(reason);
        if (outcome === 'included') expect(entries).not.toHaveLength(0);
        else
          expect({ entries, part, renamed, hasReason: reason !== null }).toEqual({
            entries: [],
            part: null,
            renamed: false,
            hasReason: true,
          });
      }
      expect(counts.included + counts.excluded).toBe(outcomes.length);
      expect(parts.reduce((sum, part) => sum + part.assets, 0)).toBe(counts.included);
      expect(parts.reduce((sum, part) => sum + part.entries, 0)).toBe(counts.entries);
    });
  });

  test('what the requester cannot see leaks neither title nor date', () => {
    always(({ assets, actor, visibility }, decision) => {
      const shown = JSON.stringify([decision.licences, decision.expired, decision.expiring]);
      for (const { assetId, title, reason } of decision.outcomes) {
        const asset = assets.get(assetId);
        const over = asset?.expiresAt != null && asset.expiresAt <= now;
        const hidden = asset?.status !== 'approved' || (over && !visibility.expiredVisible);
        if (asset !== undefined && (!hidden || ['administrator', 'auditor'].includes(actor.role))) continue;
        expect([reason, title]).toEqual(['asset.not_found', '']);
        expect(shown).not.toContain(`"${assetId}"`);
      }
    });
  });

  test('a request is allowed only when something is included, and complete where that was asked for', () => {
    always(({ request, downloadId, visibility }, { verdict, outcomes, counts }) => {
      if (verdict !== 'allowed') return;
      expect(counts.included).toBeGreaterThan(0);
      if (downloadId === null) expect(counts.assets).toBeLessThanOrEqual(visibility.maxAssetsPerDownload);
      if (request.unavailable === 'skip') return;
      const shortfalls = outcomes.flatMap(({ reason }) => reason ?? []);
      const accepted = ['licence.removed', ...(request.expiredAssets === 'exclude' ? ['asset.expired'] : [])];
      for (const reason of shortfalls) expect(accepted).toContain(reason);
    });
  });

  test('a bundle outlives neither its TTL nor an asset or licence in it', () => {
    always(({ assets, licences }, { outcomes, expiresAt }) => {
      expect(expiresAt.getTime()).toBeLessThanOrEqual(days(7).getTime());
      expect(expiresAt.getTime()).toBeGreaterThan(now.getTime());
      for (const { assetId, outcome } of outcomes) {
        if (outcome === 'excluded') continue;
        const asset = assets.get(assetId)!;
        const ends = [asset.expiresAt, licences.get(asset.licenceId ?? '')?.expiresAt];
        for (const end of ends) if (end != null && end > now) expect(expiresAt <= end).toBe(true);
      }
    });
  });

  test('the same facts yield the same decision, also when renditions are read in another order', () => {
    always((given, decision) => {
      const reordered = [...given.assets].toReversed().map(([id, asset]) => {
        return [id, { ...asset, renditions: asset.renditions.toReversed() }] as const;
      });
      expect(decideDownload({ ...given, assets: new Map(reordered) })).toEqual(decision);
    });
  });

  test('the order of the request changes names and parts, and nothing else', () => {
    const shuffled = facts.chain((given) =>
      fc.tuple(
        fc.constant(given),
        fc.shuffledSubarray(given.request.assetIds, { minLength: given.request.assetIds.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([given, assetIds]) => {
        const other = decideDownload({ ...given, request: { ...given.request, assetIds } });
        expect(withoutOrder(other)).toEqual(withoutOrder(decideDownload(given)));
      }),
      { numRuns: 300 },
    );
  });
});
