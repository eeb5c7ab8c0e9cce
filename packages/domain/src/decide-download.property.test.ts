import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AssetStatus, assetStatuses } from './asset.ts';
import { decideDownload } from './decide-download.ts';
import type { DecisionFacts, DownloadDecision } from './download-decision.ts';
import { archiveFormats, compressions, layouts, renditionChoices } from './download-request.ts';
import { reasons } from './outcome.ts';
import type { Rendition } from './rendition.ts';
import { aBlob, aLicence, aRendition, days, now } from './testing/decision-facts.ts';
import { hostilePieces } from './testing/hostile-names.ts';
import { defaultVisibility } from './visibility-configuration.ts';

const hostileNames = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.array(fc.constantFrom(...hostilePieces), { maxLength: 4 }).map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme-composite', maxLength: 100 }) },
);

const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });
const ends = maybe(fc.constantFrom(-400, -1, 0, 1, 3, 15, 16, 400).map(days));
const licenceIds = ['l1', 'l2', 'l3', 'l4'];
const termHashes = ['current', 'older'];

const kindsAndNames = fc.constantFrom(
  ['original', 'original'],
  ['static', 'web'],
  ['static', 'thumbnail'],
  ['dynamic', 'preset'],
  ['smart-crop', 'square'],
) as fc.Arbitrary<[Rendition['kind'], string]>;

const rendition = fc.record({
  kindAndName: kindsAndNames,
  fileName: hostileNames,
  state: fc.constantFrom('ready', 'ready', 'ready', 'pending', 'failed'),
  blob: maybe(
    fc.record({
      fault: fc.constantFrom(null, null, null, 'missing', 'corrupt'),
      size: fc.integer({ min: 0, max: 5e9 }),
    }),
  ),
}) satisfies fc.Arbitrary<unknown>;

const asset = fc.record({
  title: hostileNames,
  folder: fc.array(hostileNames, { maxLength: 3 }).map((components) => components.join('/')),
  status: fc.constantFrom<AssetStatus>('approved', 'approved', 'approved', ...assetStatuses),
  expiresAt: ends,
  licenceId: maybe(fc.constantFrom(...licenceIds)),
  renditions: fc.array(rendition, { maxLength: 5 }),
});

const acceptances = fc.array(
  fc.record({ licenceId: fc.constantFrom(...licenceIds), sha256: fc.constantFrom(...termHashes) }),
  { maxLength: 5 },
);

const facts: fc.Arbitrary<DecisionFacts> = fc
  .record({
    assets: fc.array(asset, { maxLength: 12 }),
    unknown: fc.nat(2),
    licences: fc
      .subarray(licenceIds)
      .chain((ids) =>
        fc.tuple(
          ...ids.map((id) =>
            fc
              .record({ approved: fc.boolean(), sha256: fc.constantFrom('current', 'current', null), expiresAt: ends })
              .map((licence) => aLicence(id, licence)),
          ),
        ),
      ),
    request: fc.record({
      renditions: fc.constantFrom(...renditionChoices),
      layout: fc.constantFrom(...layouts),
      format: fc.constantFrom(...archiveFormats),
      compression: fc.constantFrom(...compressions),
      partSize: fc.constantFrom(null, 1, 2e9),
      acceptLicences: acceptances,
      expiredAssets: fc.constantFrom<'exclude' | 'include'>('exclude', 'include'),
      unavailable: fc.constantFrom<'fail' | 'skip'>('fail', 'skip'),
    }),
    acceptances,
    role: fc.constantFrom('requester', 'contributor', 'administrator'),
    dynamicRenditions: fc.boolean(),
    visibility: fc.record({
      renditionsAvailable: fc.boolean(),
      originalsDownloadable: fc.boolean(),
      expiredVisible: fc.boolean(),
      expiredDownloadable: fc.boolean(),
      maxAssetsPerDownload: fc.constantFrom(3, 25_000),
    }),
  })
  .map(({ assets, unknown, licences, request, acceptances, role, dynamicRenditions, visibility }) => {
    const known = assets.map(({ renditions, ...asset }, index) => ({
      ...asset,
      id: `asset-${index}`,
      modifiedAt: now,
      renditions: renditions.map(({ kindAndName: [kind, name], blob, ...rendition }, position) =>
        aRendition(`asset-${index}`, kind, {
          ...rendition,
          id: `asset-${index}-${position}`,
          name,
          blob: blob === null ? null : aBlob(blob),
        }),
      ),
    }));
    const strangers = Array.from({ length: unknown }, (_, index) => `unknown-${index}`);
    return {
      request: {
        name: 'Any',
        assetIds: [...strangers, ...known.map(({ id }) => id)],
        notify: { email: false, to: [] },
        ...request,
      },
      actor: { id: 'user', role, dynamicRenditions },
      assets: new Map(known.map((asset) => [asset.id, asset])),
      licences: new Map(licences.map((licence) => [licence.id, licence])),
      acceptances,
      visibility: { ...defaultVisibility, ...visibility },
      now,
    };
  });

/** The rules once more, in other words: the ids of the renditions that may be in an archive for these facts. */
function permitted({ request, assets, licences, acceptances, visibility, now }: DecisionFacts): Set<string> {
  const ids = new Set<string>();
  for (const assetId of request.assetIds) {
    for (const file of assets.get(assetId)?.renditions ?? []) {
      const { status, expiresAt, licenceId } = assets.get(assetId)!;
      const over = expiresAt !== null && expiresAt <= now;
      const wantsExpired = request.expiredAssets === 'include';
      const licence = licences.get(licenceId ?? '');
      const inForce = licence?.approved && (licence.expiresAt === null || licence.expiresAt > now);
      const accepted = [...acceptances, ...request.acceptLicences].some(
        (acceptance) => acceptance.licenceId === licenceId && acceptance.sha256 === licence?.sha256,
      );
      const conditions = [
        status === 'approved',
        !over || (visibility.expiredVisible && visibility.expiredDownloadable && wantsExpired),
        licenceId === null || (inForce && accepted),
        file.kind === 'original'
          ? visibility.originalsDownloadable && request.renditions.includes('originals')
          : file.kind === 'static' && visibility.renditionsAvailable && request.renditions.endsWith('static'),
        file.state === 'pending' || (file.state === 'ready' && file.blob !== null && file.blob.fault === null),
      ];
      if (conditions.every(Boolean)) ids.add(file.id);
    }
  }
  return ids;
}

const plannedIds = ({ outcomes }: DownloadDecision) =>
  outcomes.flatMap(({ entries }) => entries.map(({ renditionId }) => renditionId));

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
  test('no excluded byte enters the plan, and nothing permitted is missing from it', () => {
    always((given, decision) => {
      const planned = plannedIds(decision);
      expect(new Set(planned)).toEqual(permitted(given));
      expect(planned).toHaveLength(new Set(planned).size);
    }, 1500);
  });

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
        if (asset !== undefined && (!hidden || actor.role === 'administrator')) continue;
        expect([reason, title]).toEqual(['asset.not_found', '']);
        expect(shown).not.toContain(`"${assetId}"`);
      }
    });
  });

  test('a request is allowed only when something is included, and complete where that was asked for', () => {
    always(({ request, visibility }, { verdict, outcomes, counts }) => {
      if (verdict !== 'allowed') return;
      expect(counts.included).toBeGreaterThan(0);
      expect(counts.assets).toBeLessThanOrEqual(visibility.maxAssetsPerDownload);
      if (request.unavailable === 'skip') return;
      const shortfalls = outcomes.map(({ reason }) => reason).filter((reason) => reason !== null);
      for (const reason of shortfalls) expect([request.expiredAssets, reason]).toEqual(['exclude', 'asset.expired']);
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
