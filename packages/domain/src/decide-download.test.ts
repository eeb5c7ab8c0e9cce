import { describe, expect, test } from 'vitest';
import { decideDownload } from './decide-download.ts';
import type { DownloadDecision } from './download-decision.ts';
import type { RenditionChoice } from './download-request.ts';
import {
  aBlob,
  administrator,
  aLicence,
  anAcceptance,
  anAsset,
  aRendition,
  days,
  factsFor,
  hours,
  now,
} from './testing/decision-facts.ts';

/** `included web,original` or `excluded licence.changed`, one line per asset. */
function lines({ outcomes }: DownloadDecision): string[] {
  return outcomes.map(({ outcome, entries, reason }) =>
    [outcome, entries.map(({ name }) => name).join(), reason].filter(Boolean).join(' '),
  );
}

describe('rule 1: requesters see approved assets only', () => {
  test('rule 1: an asset that is not approved answers like one that does not exist, without its title', () => {
    const facts = factsFor([anAsset('a', { status: 'draft' }), anAsset('b', { status: 'rejected' }), anAsset('c')]);
    facts.request.assetIds.push('unknown');
    const decision = decideDownload(facts);
    expect(lines(decision)).toEqual([
      'excluded asset.not_found',
      'excluded asset.not_found',
      'included original,thumbnail,web',
      'excluded asset.not_found',
    ]);
    expect(decision.outcomes.map(({ title }) => title)).toEqual(['', '', 'Title of c', '']);
    expect(decision.outcomes[0]).toMatchObject({ entries: [], part: null, renamed: false });
  });

  test('rule 1: administrators are told that an asset is not approved, and cannot download it either', () => {
    const decision = decideDownload(factsFor([anAsset('a', { status: 'draft' })], { actor: administrator }));
    expect(lines(decision)).toEqual(['excluded asset.not_approved']);
    expect(decision.outcomes[0]!.title).toBe('Title of a');
    expect(decision.verdict).toBe('download.assets_refused');
  });
});

describe('rule 3: originals, static renditions, or both', () => {
  const asset = anAsset('a', {
    renditions: [
      aRendition('a', 'smart-crop', { name: 'square' }),
      aRendition('a', 'static', { name: 'zoom' }),
      aRendition('a', 'dynamic', { name: 'preset' }),
      aRendition('a', 'original'),
      aRendition('a', 'static'),
    ],
  });

  test.each<[RenditionChoice, string]>([
    ['originals', 'included original'],
    ['static', 'included web,zoom'],
    ['originals-and-static', 'included original,web,zoom'],
  ])('rule 3: %s never holds dynamic or smart-crop renditions, even for those entitled', (renditions, line) => {
    expect(lines(decideDownload(factsFor([asset], { request: { renditions }, actor: administrator })))).toEqual([line]);
  });

  test('rule 3: an asset without static renditions is complete under both, and has nothing under static', () => {
    const text = anAsset('a', { renditions: [aRendition('a', 'original')] });
    expect(lines(decideDownload(factsFor([text])))).toEqual(['included original']);
    expect(lines(decideDownload(factsFor([text], { request: { renditions: 'static' } })))).toEqual([
      'excluded rendition.none_available',
    ]);
  });

  test('rule 3: a rendition that failed or whose bytes are gone leaves the asset in part, with the reason', () => {
    const broken = (id: string, facts: Parameters<typeof aRendition>[2]) =>
      anAsset(id, { renditions: [aRendition(id, 'original'), aRendition(id, 'static', facts)] });
    const assets = [
      broken('a', { state: 'failed', blob: null }),
      broken('b', { blob: aBlob({ fault: 'missing' }) }),
      broken('c', { blob: aBlob({ fault: 'corrupt' }) }),
      broken('d', { blob: null }),
    ];
    expect(lines(decideDownload(factsFor(assets)))).toEqual([
      'included original rendition.failed',
      'included original blob.missing',
      'included original blob.corrupt',
      'included original blob.missing',
    ]);
    expect(lines(decideDownload(factsFor(assets, { request: { renditions: 'static' } })))).toEqual([
      'excluded rendition.failed',
      'excluded blob.missing',
      'excluded blob.corrupt',
      'excluded blob.missing',
    ]);
  });

  test('rule 3: a rendition still to be made is planned without size or hash', () => {
    const pending = { state: 'pending', blob: null, width: 100, height: 10 } as const;
    const asset = anAsset('a', { renditions: [aRendition('a', 'static', pending)] });
    const decision = decideDownload(factsFor([asset]));
    expect(decision.outcomes[0]!.entries).toEqual([
      {
        path: 'a-web.jpg',
        kind: 'static',
        name: 'web',
        size: null,
        sha256: null,
        crc32: null,
        renditionId: 'a-web',
        presetId: null,
        mediaType: 'image/jpeg',
        modifiedAt: asset.modifiedAt,
      },
    ]);
    expect(decision).toMatchObject({ entriesToRender: 1, renderEstimate: 1_500, contentSize: 0 });
  });
});

describe('rule 4: the switches decide what can be had', () => {
  test.each([
    ['originals', 'excluded visibility.originals_off', 'included original'],
    ['static', 'included thumbnail,web', 'excluded visibility.renditions_off'],
    [
      'originals-and-static',
      'included thumbnail,web visibility.originals_off',
      'included original visibility.renditions_off',
    ],
  ] as const)('rule 4: %s with originals off, and with renditions off', (renditions, originalsOff, renditionsOff) => {
    const decide = (visibility: object) =>
      decideDownload(factsFor([anAsset('a')], { request: { renditions }, visibility }));
    expect(lines(decide({ originalsDownloadable: false }))).toEqual([originalsOff]);
    expect(lines(decide({ renditionsAvailable: false }))).toEqual([renditionsOff]);
  });

  test('rule 4: administrators are bound by the switches too', () => {
    const visibility = { originalsDownloadable: false, renditionsAvailable: false };
    expect(lines(decideDownload(factsFor([anAsset('a')], { visibility, actor: administrator })))).toEqual([
      'excluded visibility.originals_off',
    ]);
  });

  test('rule 4: what is wrong with a file is told before a switch is', () => {
    const asset = anAsset('a', {
      renditions: [aRendition('a', 'original'), aRendition('a', 'static', { blob: aBlob({ fault: 'corrupt' }) })],
    });
    expect(lines(decideDownload(factsFor([asset], { visibility: { originalsDownloadable: false } })))).toEqual([
      'excluded blob.corrupt',
    ]);
  });
});

describe('rule 6: a licensed asset needs its licence accepted', () => {
  const asset = anAsset('a', { licenceId: 'l' });
  const current = anAcceptance('l');
  const old = anAcceptance('l', { sha256: 'older terms', version: 0 });
  const other = { licenceId: 'm', sha256: 'terms-of-l' };

  test.each([
    ['nothing accepted', [], [], 'excluded licence.not_accepted'],
    ['another licence accepted', [other], [], 'excluded licence.not_accepted'],
    ['accepted in the request', [current], [], 'included original,thumbnail,web'],
    ['accepted before', [], [current], 'included original,thumbnail,web'],
    ['older terms accepted in the request', [old], [], 'excluded licence.changed'],
    ['older terms accepted before', [], [old], 'excluded licence.changed'],
    ['older and current terms accepted', [current], [old], 'included original,thumbnail,web'],
  ])('rule 6: %s', (_, acceptLicences, acceptances, line) => {
    const facts = factsFor([asset], { licences: [aLicence('l')], request: { acceptLicences }, acceptances });
    expect(lines(decideDownload(facts))).toEqual([line]);
  });

  test.each([
    ['not approved', [aLicence('l', { approved: false })]],
    ['without a document', [aLicence('l', { sha256: null })]],
    ['expired', [aLicence('l', { expiresAt: now })]],
    ['unknown', []],
  ])('rule 6: a licence that is %s cannot be accepted', (_, licences) => {
    const facts = factsFor([asset], { licences, request: { acceptLicences: [current] }, acceptances: [current] });
    const decision = decideDownload(facts);
    expect(lines(decision)).toEqual(['excluded licence.not_approved']);
    expect(decision.licences[0]).toMatchObject({ licenceId: 'l', accepted: false });
  });

  test('rule 6: administrators accept licences like everyone else', () => {
    const facts = factsFor([asset], { licences: [aLicence('l')], actor: administrator });
    expect(lines(decideDownload(facts))).toEqual(['excluded licence.not_accepted']);
  });

  test('rule 7: the licences of a selection come with the assets that need them, in the order of the request', () => {
    const assets = [
      anAsset('a', { licenceId: 'm' }),
      anAsset('b', { licenceId: 'l' }),
      anAsset('c'),
      anAsset('d', { licenceId: 'm' }),
      anAsset('hidden', { licenceId: 'n', status: 'draft' }),
    ];
    const licences = [aLicence('l', { approved: false, sha256: null, version: 0 }), aLicence('m'), aLicence('n')];
    const acceptLicences = [{ licenceId: 'm', sha256: 'terms-of-m' }];
    expect(decideDownload(factsFor(assets, { licences, request: { acceptLicences } })).licences).toEqual([
      {
        licenceId: 'm',
        title: 'Licence m',
        approved: true,
        sha256: 'terms-of-m',
        version: 1,
        accepted: true,
        assetIds: ['a', 'd'],
      },
      {
        licenceId: 'l',
        title: 'Licence l',
        approved: false,
        sha256: null,
        version: 0,
        accepted: false,
        assetIds: ['b'],
      },
    ]);
  });
});

describe('rule 8: expired assets', () => {
  const assets = [anAsset('gone', { expiresAt: now }), anAsset('fresh')];
  const both = { expiredVisible: true, expiredDownloadable: true };

  test.each([
    ['hidden by default', {}, 'include', 'excluded asset.not_found'],
    ['hidden though downloadable', { expiredDownloadable: true }, 'include', 'excluded asset.not_found'],
    ['visible only', { expiredVisible: true }, 'include', 'excluded asset.expired'],
    ['downloadable, not asked for', both, 'exclude', 'excluded asset.expired'],
    ['downloadable and asked for', both, 'include', 'included original,thumbnail,web'],
  ] as const)('rule 8: %s', (_, visibility, expiredAssets, line) => {
    expect(lines(decideDownload(factsFor(assets, { visibility, request: { expiredAssets } })))).toEqual([
      line,
      'included original,thumbnail,web',
    ]);
  });

  test('rule 8: expired assets are listed with their dates only while they are visible', () => {
    expect(decideDownload(factsFor(assets, { visibility: both })).expired).toEqual([
      { assetId: 'gone', title: 'Title of gone', expiresAt: now },
    ]);
    expect(decideDownload(factsFor(assets)).expired).toEqual([]);
  });

  test('rule 8: administrators are told that a hidden asset has expired, and cannot download it', () => {
    expect(lines(decideDownload(factsFor(assets, { actor: administrator })))[0]).toBe('excluded asset.expired');
  });

  test('rule 8: an asset with one hour left expires in 1 day, one with 15 days is marked, one with more is not', () => {
    const ending = [anAsset('a', { expiresAt: hours(1) }), anAsset('b', { expiresAt: days(15) })];
    const later = anAsset('c', { expiresAt: new Date(days(15).getTime() + 1) });
    expect(decideDownload(factsFor([...ending, later])).expiring).toEqual([
      { assetId: 'a', title: 'Title of a', expiresAt: hours(1), days: 1 },
      { assetId: 'b', title: 'Title of b', expiresAt: days(15), days: 15 },
    ]);
  });

  test('rule 8: links end with the first asset or licence to expire, and expired assets on purpose shorten nothing', () => {
    const expiresAt = (ending: typeof assets, licenceEnd: Date | null = null) =>
      decideDownload(
        factsFor(ending, {
          visibility: both,
          request: { expiredAssets: 'include', acceptLicences: [{ licenceId: 'l', sha256: 'terms-of-l' }] },
          licences: [aLicence('l', { expiresAt: licenceEnd })],
        }),
      ).expiresAt;
    expect(expiresAt(assets)).toEqual(hours(168));
    expect(expiresAt([...assets, anAsset('a', { expiresAt: hours(5) })])).toEqual(hours(5));
    expect(expiresAt([anAsset('a', { expiresAt: hours(5), licenceId: 'l' })], hours(3))).toEqual(hours(3));
    expect(expiresAt([anAsset('a'), anAsset('b', { expiresAt: hours(5), status: 'draft' })])).toEqual(hours(168));
  });
});

describe('rule 10: background and direct', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => anAsset(`asset-${index}`));

  test('rule 10: ten assets need no background, eleven do, and excluded ones do not count', () => {
    expect(decideDownload(factsFor(many(10))).background).toBe(false);
    expect(decideDownload(factsFor(many(11))).background).toBe(true);
    expect(decideDownload(factsFor([...many(10), anAsset('draft', { status: 'draft' })])).background).toBe(false);
  });

  test('rule 10: a single original is sent as it is, whatever its size and the format', () => {
    const asset = anAsset('a', { renditions: [aRendition('a', 'original', { blob: aBlob({ size: 5e9 }) })] });
    const decision = decideDownload(factsFor([asset], { request: { renditions: 'originals', format: 'tar.gz' } }));
    expect(decision).toMatchObject({
      direct: { assetId: 'a', renditionId: 'a-original' },
      background: false,
      verdict: 'allowed',
    });
  });

  test('rule 10: nothing else is sent as it is', () => {
    const direct = (...options: Parameters<typeof factsFor>) => decideDownload(factsFor(...options)).direct;
    expect(direct([anAsset('a')], { request: { renditions: 'originals-and-static' } })).toBeNull();
    expect(direct(many(2), { request: { renditions: 'originals' } })).toBeNull();
    expect(
      direct([anAsset('a'), anAsset('b', { status: 'draft' })], { request: { renditions: 'originals' } }),
    ).toBeNull();
    expect(direct([anAsset('a', { licenceId: 'l' })], { request: { renditions: 'originals' } })).toBeNull();
    const pending = aRendition('a', 'original', { state: 'pending', blob: null });
    expect(direct([anAsset('a', { renditions: [pending] })], { request: { renditions: 'originals' } })).toBeNull();
  });
});

describe('rule 12: an empty result is an error that says so', () => {
  const draft = anAsset('draft', { status: 'draft' });

  test('rule 12: an empty selection', () => {
    expect(decideDownload(factsFor([])).verdict).toBe('download.empty');
  });

  test('rule 12: a selection of which nothing is included is refused, also when asked to skip', () => {
    expect(decideDownload(factsFor([draft], { request: { unavailable: 'skip' } })).verdict).toBe(
      'download.assets_refused',
    );
  });

  test('rule 12: only expired assets, left out as asked, are still nothing', () => {
    const facts = factsFor([anAsset('a', { expiresAt: now })], { visibility: { expiredVisible: true } });
    expect(decideDownload(facts).verdict).toBe('download.assets_refused');
  });

  test('more assets than the limit are refused before anything else about them', () => {
    const visibility = { maxAssetsPerDownload: 2 };
    expect(decideDownload(factsFor([draft, anAsset('a')], { visibility })).verdict).toBe('allowed');
    expect(decideDownload(factsFor([draft, anAsset('a'), anAsset('b')], { visibility })).verdict).toBe(
      'download.too_many_assets',
    );
  });

  test('a download that exists keeps its size where the limit on assets was lowered since', () => {
    const facts = factsFor([anAsset('a'), anAsset('b')], { visibility: { maxAssetsPerDownload: 1 } });
    expect(decideDownload({ ...facts, downloadId: 'download' }).verdict).toBe('allowed');
  });

  test('"fail" refuses a request that falls short of anything, in whole or in part; "skip" goes on', () => {
    const partial = anAsset('a', {
      renditions: [aRendition('a', 'original'), aRendition('a', 'static', { state: 'failed', blob: null })],
    });
    for (const assets of [[anAsset('b'), draft], [partial]]) {
      expect(decideDownload(factsFor(assets, { request: { unavailable: 'fail' } })).verdict).toBe(
        'download.assets_refused',
      );
      expect(decideDownload(factsFor(assets, { request: { unavailable: 'skip' } })).verdict).toBe('allowed');
    }
  });

  test('"fail" lets expired assets be left out when that is what was asked for', () => {
    const assets = [anAsset('a', { expiresAt: now }), anAsset('b')];
    const verdict = (expiredAssets: 'exclude' | 'include') =>
      decideDownload(
        factsFor(assets, { visibility: { expiredVisible: true }, request: { unavailable: 'fail', expiredAssets } }),
      ).verdict;
    expect(verdict('exclude')).toBe('allowed');
    expect(verdict('include')).toBe('download.assets_refused');
  });
});

test('an id that occurs twice is decided once', () => {
  const facts = factsFor([anAsset('a'), anAsset('b')]);
  facts.request.assetIds.push('a');
  const decision = decideDownload(facts);
  expect(decision.outcomes.map(({ assetId }) => assetId)).toEqual(['a', 'b']);
  expect(decision.counts).toEqual({ assets: 2, included: 2, excluded: 0, entries: 6, renamed: 0 });
  expect(decision.contentSize).toBe(6000);
});

test('every included asset names its part, and an excluded one has none', () => {
  const facts = factsFor([anAsset('a'), anAsset('b', { status: 'draft' }), anAsset('c')], {
    request: { partSize: 5000 },
  });
  const decision = decideDownload(facts);
  expect(decision.outcomes.map(({ part }) => part)).toEqual([1, null, 2]);
  expect(decision.parts).toEqual([
    { number: 1, assets: 1, entries: 3, contentSize: 3000 },
    { number: 2, assets: 1, entries: 3, contentSize: 3000 },
  ]);
});
