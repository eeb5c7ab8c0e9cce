import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mayReadRendition } from './asset-visibility.ts';
import { decideDownload } from './decide-download.ts';
import { type BundledGroup, judgeBundled } from './judge-bundled.ts';
import type { RecordedAcceptance } from './licence.ts';
import { anyFacts, type GeneratedFacts } from './testing/any-facts.ts';
import { mayBePlanned, mayBeSent, mayHaveKind } from './testing/naive-rules.ts';

const reading = (
  { facts, approvedPresets }: GeneratedFacts,
  rendition: GeneratedFacts['files'][number],
  acceptances = facts.acceptances,
) => {
  const { actor, visibility, now } = facts;
  const asset = facts.assets.get(rendition.assetId)!;
  const licence = asset.licenceId === null ? null : (facts.licences.get(asset.licenceId) ?? null);
  return mayReadRendition({ asset, rendition, actor, licence, acceptances, approvedPresets, visibility, now });
};

/** What is recorded when the request goes through: its acceptances of terms in force, for a download or for one file. */
function recorded({ facts }: GeneratedFacts, purpose: Pick<RecordedAcceptance, 'downloadId' | 'assetId'>) {
  const given = facts.request.acceptLicences.flatMap(({ licenceId, sha256 }) => {
    const licence = facts.licences.get(licenceId);
    return licence?.sha256 === sha256
      ? { licenceId, sha256, version: licence.version, acceptedAt: facts.now, ...purpose }
      : [];
  });
  return [...facts.acceptances, ...given];
}

/** Whether a file may be in a bundle of the actor's, wherever its bytes are. */
function mayBeHeld(file: GeneratedFacts['files'][number], { facts, approvedPresets }: GeneratedFacts): boolean {
  const approved = file.presetId === null || approvedPresets.has(file.presetId);
  return approved && mayHaveKind(file, facts.actor, facts.visibility);
}

test('no refused byte enters a plan, nothing permitted is missing from it, and every URL and bundle decides alike', () => {
  let planned = 0;
  let refused = 0;
  fc.assert(
    fc.property(anyFacts, (generated) => {
      const { facts, files, approvedPresets } = generated;
      const decision = decideDownload(facts);
      const plannedIds = decision.outcomes.flatMap(({ entries }) => entries.map(({ renditionId }) => renditionId));
      const permitted = files.filter((file) => mayBePlanned(file, facts, approvedPresets));
      expect(plannedIds.toSorted()).toEqual(permitted.map(({ id }) => id).toSorted());

      for (const file of files) {
        const verdict = reading(generated, file);
        const expected = mayBeSent(file, facts, approvedPresets);
        if (verdict.allowed !== expected) expect([file, verdict]).toEqual([file, { allowed: expected }]);
      }

      const { direct } = decision;
      if (direct !== null && facts.downloadId === null) {
        const file = files.find(({ id }) => id === direct.renditionId)!;
        const acceptances = recorded(generated, { downloadId: null, assetId: direct.assetId });
        expect(reading(generated, file, acceptances)).toEqual({ allowed: true });
      }

      const downloadId = facts.downloadId ?? 'new';
      const judge = judgeBundled({
        ...{ owner: facts.actor, downloadId, licences: facts.licences, approvedPresets },
        ...{ visibility: facts.visibility, now: facts.now },
        acceptances: recorded(generated, { downloadId, assetId: null }),
      });
      for (const { assetId, entries } of decision.outcomes) {
        if (entries.length === 0) continue;
        const group: BundledGroup = { ...facts.assets.get(assetId)!, files: entries };
        expect(judge(group)).toBeNull();
        const kept = files.filter((file) => file.assetId === assetId && !mayBeHeld(file, generated));
        for (const file of kept) expect(judge({ ...group, files: [...entries, file] })).not.toBeNull();
      }
      planned += plannedIds.length;
      refused += files.length - plannedIds.length;
    }),
    { numRuns: 10_000 },
  );
  // Guards the generators: both verdicts have to occur, and often.
  expect(planned).toBeGreaterThan(1_500);
  expect(refused).toBeGreaterThan(1_500);
}, 60_000);
