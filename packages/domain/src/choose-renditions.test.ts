import { describe, expect, test } from 'vitest';
import { decideDownload } from './decide-download.ts';
import type { DownloadRequest } from './download-request.ts';
import {
  aBlob,
  aLicence,
  anAcceptance,
  anAsset,
  aRendition,
  days,
  factsFor,
  requester,
} from './testing/decision-facts.ts';

const entitled = { ...requester, dynamicRenditions: true };
const pending = { state: 'pending', blob: null } as const;
const asset = anAsset('a', {
  renditions: [
    aRendition('a', 'smart-crop', { name: 'square', ...pending }),
    aRendition('a', 'static', { name: 'web' }),
    aRendition('a', 'dynamic', { name: 'hero' }),
    aRendition('a', 'original'),
    aRendition('a', 'static', { name: 'broken', blob: aBlob({ fault: 'corrupt' }) }),
  ],
});

function decide(request: Partial<DownloadRequest>, options: Parameters<typeof factsFor>[1] = {}) {
  const decision = decideDownload(factsFor([asset], { actor: entitled, ...options, request }));
  const [{ entries, reason, outcome }] = decision.outcomes as [(typeof decision.outcomes)[number]];
  return { decision, files: entries.map(({ name }) => name), reason, outcome };
}

const ids = (...names: string[]) => ({ renditionIds: names.map((name) => `a-${name}`) });

describe('rule 2: of a single asset any renditions can be chosen', () => {
  test('rule 2: exactly the chosen ones, of any kind, original first, then by name', () => {
    const { files, reason } = decide(ids('web', 'square', 'original', 'hero'));
    expect(files).toEqual(['original', 'hero', 'square', 'web']);
    expect(reason).toBeNull();
  });

  test.each([
    [['original'], 'a-original'],
    [['web'], 'a-web'],
    [['hero'], 'a-hero'],
    [['square'], 'a-square'],
  ])('rule 10: one chosen file (%s) is sent as it is, also where it is still to be rendered on demand', (names, id) => {
    expect(decide(ids(...names)).decision.direct).toEqual({ assetId: 'a', renditionId: id });
  });

  test('rule 10: several chosen files become an archive, and so does one that is still being made at ingest', () => {
    expect(decide(ids('web', 'hero')).decision.direct).toBeNull();
    const young = anAsset('a', { renditions: [aRendition('a', 'static', pending)] });
    expect(decideDownload(factsFor([young], { request: ids('web') })).direct).toBeNull();
  });

  test.each([
    ['an id that does not exist', ids('guessed'), {}, 'rendition.none_available'],
    ['an id of another asset', { renditionIds: ['b-web'] }, {}, 'rendition.none_available'],
    ['a dynamic one without the entitlement', ids('hero'), { actor: requester }, 'rendition.not_entitled'],
    ['a damaged one', ids('broken'), {}, 'blob.corrupt'],
    [
      'one that is switched off',
      ids('web'),
      { visibility: { renditionsAvailable: false } },
      'visibility.renditions_off',
    ],
  ])('rule 2: %s is refused with its reason', (_, request, options, reason) => {
    expect(decide(request, options)).toMatchObject({ outcome: 'excluded', reason });
  });

  test('rule 2: with several things wrong, the most specific reason is told, and the rest goes on where asked to', () => {
    const request = ids('guessed', 'hero', 'broken', 'web');
    expect(decide(request, { actor: requester })).toMatchObject({ files: ['web'], reason: 'blob.corrupt' });
    expect(decide(ids('guessed', 'hero', 'web'), { actor: requester }).reason).toBe('rendition.not_entitled');
    expect(decide(ids('guessed', 'web')).reason).toBe('rendition.none_available');
    expect(decide({ ...ids('guessed', 'web'), unavailable: 'fail' }).decision.verdict).toBe('download.assets_refused');
    expect(decide({ ...ids('guessed', 'web'), unavailable: 'skip' }).decision.verdict).toBe('allowed');
  });
});

describe('rule 3, beyond the seed: rendition names for several assets', () => {
  test('names are those of static renditions, and `original`; dynamic ones and crops have none', () => {
    expect(decide({ renditionNames: ['original', 'web'] })).toMatchObject({ files: ['original', 'web'], reason: null });
    expect(decide({ renditionNames: ['hero'] })).toMatchObject({ files: [], reason: 'rendition.none_available' });
  });

  test('a name that an asset does not have is a shortfall of that asset', () => {
    expect(decide({ renditionNames: ['web', 'print'] })).toMatchObject({
      files: ['web'],
      reason: 'rendition.none_available',
    });
  });
});

describe('rule 7: a licence that is removed takes its assets with it', () => {
  const licensed = anAsset('b', { licenceId: 'l' });
  const facts = (assets: (typeof licensed)[], unavailable: 'fail' | 'skip' = 'fail') =>
    factsFor(assets, { licences: [aLicence('l')], request: { withoutLicences: ['l'], unavailable } });

  test('rule 7: its assets are left out as asked for, and refuse nothing', () => {
    const decision = decideDownload(facts([licensed, anAsset('c')]));
    expect(decision.outcomes.map(({ reason }) => reason)).toEqual(['licence.removed', null]);
    expect(decision).toMatchObject({ verdict: 'allowed', licences: [] });
  });

  test('rule 12: when nothing else remains, the request is refused', () => {
    expect(decideDownload(facts([licensed], 'skip')).verdict).toBe('download.assets_refused');
  });

  test('rule 7: what else is wrong with such an asset does not matter, unless it cannot be seen', () => {
    const visible = { ...licensed, expiresAt: days(-1) };
    const given = facts([visible, anAsset('c')]);
    const show = (expiredVisible: boolean) =>
      decideDownload({ ...given, visibility: { ...given.visibility, expiredVisible } }).outcomes[0]!.reason;
    expect(show(true)).toBe('licence.removed');
    expect(show(false)).toBe('asset.not_found');
  });
});

describe('rule 6: versions, and acceptances for one download', () => {
  const licensed = anAsset('b', { licenceId: 'l' });
  const licence = aLicence('l', { version: 3 });
  const refusal = (options: Parameters<typeof factsFor>[1]) => {
    const { outcomes, licences } = decideDownload(factsFor([licensed], { licences: [licence], ...options }));
    expect(licences[0]!.accepted).toBe(outcomes[0]!.reason === null);
    return outcomes[0]!.reason;
  };

  test('rule 6: terms that return as a new version are to be accepted anew', () => {
    expect(refusal({ acceptances: [anAcceptance('l', { version: 1 })] })).toBe('licence.changed');
    expect(refusal({ acceptances: [anAcceptance('l', { version: 3 })] })).toBeNull();
  });

  test('rule 6: where acceptances are for their own download, only those of the download that is decided count', () => {
    const visibility = { licenceAcceptance: 'per-download' } as const;
    const acceptances = [anAcceptance('l', { version: 3, downloadId: 'd' })];
    expect(refusal({ visibility, acceptances })).toBe('licence.not_accepted');
    expect(refusal({ visibility, acceptances, downloadId: 'e' })).toBe('licence.not_accepted');
    expect(refusal({ visibility, acceptances, downloadId: 'd' })).toBeNull();
    expect(refusal({ visibility, acceptances: [anAcceptance('l', { version: 3, assetId: 'b' })] })).toBe(
      'licence.not_accepted',
    );
    expect(refusal({ visibility, request: { acceptLicences: [anAcceptance('l')] } })).toBeNull();
  });
});
