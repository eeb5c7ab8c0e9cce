import { expect, test } from 'vitest';
import { compareDecisions } from './compare-decisions.ts';
import { decideDownload } from './decide-download.ts';
import { anAsset, days, factsFor } from './testing/decision-facts.ts';
import type { VisibilityConfiguration } from './visibility-configuration.ts';

const assets = [anAsset('a'), anAsset('gone', { expiresAt: days(-1) }), anAsset('draft', { status: 'draft' })];
const shown = { expiredVisible: true, expiredDownloadable: true };

function compared(before: Partial<VisibilityConfiguration>, after: Partial<VisibilityConfiguration>) {
  const decide = (visibility: Partial<VisibilityConfiguration>) =>
    decideDownload(factsFor(assets, { visibility, request: { expiredAssets: 'include' } }));
  return compareDecisions(decide(before), decide(after));
}

test('the same configuration changes nothing', () => {
  expect(compared({}, {})).toEqual({
    assets: [],
    counts: { included: 0, excluded: 0, gained: 0, lost: 0 },
    backgroundChanged: false,
    verdictChanged: false,
  });
});

test('what an asset gains and loses is named, with the reasons', () => {
  const { assets, counts } = compared({}, { ...shown, originalsDownloadable: false });
  expect(assets).toEqual([
    {
      assetId: 'a',
      title: 'Title of a',
      before: { outcome: 'included', reason: null },
      after: { outcome: 'included', reason: 'visibility.originals_off' },
      gained: [],
      lost: ['original'],
    },
    {
      assetId: 'gone',
      title: 'Title of gone',
      before: { outcome: 'excluded', reason: 'asset.not_found' },
      after: { outcome: 'included', reason: 'visibility.originals_off' },
      gained: ['thumbnail', 'web'],
      lost: [],
    },
  ]);
  expect(counts).toEqual({ included: 1, excluded: 0, gained: 2, lost: 1 });
});

test('a request that would be refused, or go to the background, says so', () => {
  const off = { originalsDownloadable: false, renditionsAvailable: false };
  expect(compared({}, off)).toMatchObject({ verdictChanged: true, counts: { excluded: 1, lost: 3 } });
  const limits = { background: { maxAssets: 10, maxBytes: 1, maxSeconds: 30 } };
  expect(compared({}, limits)).toMatchObject({ backgroundChanged: true, verdictChanged: false, assets: [] });
});
