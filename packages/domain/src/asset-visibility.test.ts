import { describe, expect, test } from 'vitest';
import { canSeeAsset, mayReadRendition, type ReadingFacts, visibleRenditions } from './asset-visibility.ts';
import {
  aBlob,
  administrator,
  aLicence,
  anAcceptance,
  anAsset,
  aPresetId,
  aRendition,
  days,
  hours,
  now,
  requester,
} from './testing/decision-facts.ts';
import { defaultVisibility } from './visibility-configuration.ts';

const expired = anAsset('expired', { expiresAt: now });
const entitled = { ...requester, dynamicRenditions: true };
/** Allows everything to members of `allowed`. */
const lifting = {
  ...defaultVisibility,
  groupRules: [{ groupId: 'allowed', effect: 'allow' as const, kinds: [], name: null }],
};
const draft = anAsset('draft', { status: 'draft' });

/** The verdict on one rendition of an otherwise unhindered asset: `true`, or the reason. */
function reading(facts: Partial<ReadingFacts> & { name?: string } = {}) {
  const asset = facts.asset ?? anAsset('a');
  const rendition =
    facts.rendition ?? asset.renditions.find(({ name }) => name === (facts.name ?? 'original')) ?? asset.renditions[0]!;
  const verdict = mayReadRendition({
    asset,
    rendition,
    actor: requester,
    licence: null,
    acceptances: [],
    approvedPresets: new Set([aPresetId]),
    visibility: defaultVisibility,
    now,
    ...facts,
  });
  return verdict.allowed || verdict.reason;
}

describe('rule 1 and 8: who sees which assets', () => {
  test('rule 1: everyone but administrators sees approved assets only', () => {
    const contributor = { ...requester, role: 'contributor' as const };
    for (const status of ['draft', 'rejected'] as const) {
      expect(canSeeAsset({ status, expiresAt: null }, requester, defaultVisibility, now)).toBe(false);
      expect(canSeeAsset({ status, expiresAt: null }, contributor, defaultVisibility, now)).toBe(false);
      expect(canSeeAsset({ status, expiresAt: null }, administrator, defaultVisibility, now)).toBe(true);
    }
    expect(canSeeAsset(anAsset('a'), requester, defaultVisibility, now)).toBe(true);
  });

  test('rule 8: expired assets are hidden until the switch shows them', () => {
    expect(canSeeAsset(expired, requester, defaultVisibility, now)).toBe(false);
    expect(canSeeAsset(expired, requester, { ...defaultVisibility, expiredVisible: true }, now)).toBe(true);
    expect(canSeeAsset(expired, administrator, defaultVisibility, now)).toBe(true);
  });
});

describe('rule 4 and 5: which renditions are listed', () => {
  const asset = anAsset('a', {
    renditions: [
      aRendition('a', 'original'),
      aRendition('a', 'static'),
      aRendition('a', 'dynamic', { name: 'preset' }),
      aRendition('a', 'smart-crop', { name: 'square' }),
    ],
  });
  const listed = (actor = requester, visibility = {}) =>
    visibleRenditions(asset, actor, { ...defaultVisibility, ...visibility }, now).map(({ name }) => name);

  test('rule 4: a switch that is off hides what it governs', () => {
    expect(listed(administrator, { originalsDownloadable: false })).toEqual(['web', 'preset', 'square']);
    expect(listed(administrator, { renditionsAvailable: false })).toEqual(['original']);
  });

  test('rule 5: dynamic and smart-crop renditions are listed to those entitled only', () => {
    expect(listed()).toEqual(['original', 'web']);
    expect(listed({ ...requester, dynamicRenditions: true })).toEqual(['original', 'web', 'preset', 'square']);
  });

  test('rule 1: an asset that the actor cannot see has no renditions', () => {
    expect(visibleRenditions(draft, requester, defaultVisibility, now)).toEqual([]);
    expect(visibleRenditions(draft, administrator, defaultVisibility, now)).toHaveLength(3);
  });
});

describe('rule 4: a guessed address yields nothing', () => {
  test('rule 4: a file of a visible asset without a licence may be read', () => {
    expect(reading()).toBe(true);
    expect(reading({ name: 'web' })).toBe(true);
  });

  test('rule 4: the switches hold for files too, for the thumbnail as well, and for administrators', () => {
    const originalsOff = { ...defaultVisibility, originalsDownloadable: false };
    const renditionsOff = { ...defaultVisibility, renditionsAvailable: false };
    for (const actor of [requester, administrator]) {
      expect(reading({ actor, visibility: originalsOff })).toBe('visibility.originals_off');
      expect(reading({ actor, name: 'web', visibility: renditionsOff })).toBe('visibility.renditions_off');
      expect(reading({ actor, name: 'thumbnail', visibility: renditionsOff })).toBe('visibility.renditions_off');
    }
  });

  test('rule 4: a rendition of another asset is not found', () => {
    expect(reading({ rendition: aRendition('b', 'original') })).toBe('asset.not_found');
  });

  test('rule 1: a file of an invisible asset is not found, and administrators see no more than its thumbnail', () => {
    expect(reading({ asset: draft })).toBe('asset.not_found');
    expect(reading({ asset: draft, name: 'thumbnail' })).toBe('asset.not_found');
    expect(reading({ asset: draft, actor: administrator })).toBe('asset.not_approved');
    expect(reading({ asset: draft, actor: administrator, name: 'thumbnail' })).toBe(true);
  });

  test('rule 8: files of expired assets need both switches, their thumbnail only the first', () => {
    const visible = { ...defaultVisibility, expiredVisible: true };
    const downloadable = { ...visible, expiredDownloadable: true };
    expect(reading({ asset: expired })).toBe('asset.not_found');
    expect(reading({ asset: expired, visibility: visible })).toBe('asset.expired');
    expect(reading({ asset: expired, visibility: visible, name: 'thumbnail' })).toBe(true);
    expect(reading({ asset: expired, visibility: downloadable })).toBe(true);
    expect(reading({ asset: expired, actor: administrator })).toBe('asset.expired');
  });

  test('rule 6: every file but the thumbnail needs the licence in force accepted', () => {
    const asset = anAsset('a', { licenceId: 'l' });
    const licence = aLicence('l');
    const accept = (sha256: string) => [anAcceptance('l', { sha256 })];
    expect(reading({ asset, licence })).toBe('licence.not_accepted');
    expect(reading({ asset, licence, name: 'web' })).toBe('licence.not_accepted');
    expect(reading({ asset, licence, name: 'thumbnail' })).toBe(true);
    expect(reading({ asset, licence, acceptances: accept('old') })).toBe('licence.changed');
    expect(reading({ asset, licence, acceptances: accept('terms-of-l') })).toBe(true);
    expect(reading({ asset, licence: null, acceptances: accept('terms-of-l') })).toBe('licence.not_approved');
    expect(reading({ asset, licence: aLicence('m'), acceptances: [anAcceptance('m')] })).toBe('licence.not_approved');
  });

  test('rule 6: an original that calls itself thumbnail is no thumbnail', () => {
    const asset = anAsset('a', { licenceId: 'l', renditions: [aRendition('a', 'original', { name: 'thumbnail' })] });
    expect(reading({ asset, licence: aLicence('l'), name: 'thumbnail' })).toBe('licence.not_accepted');
  });

  test('rule 5: dynamic and smart-crop renditions need the entitlement', () => {
    const rendition = aRendition('a', 'smart-crop', { name: 'square' });
    expect(reading({ rendition })).toBe('rendition.not_entitled');
    expect(reading({ rendition, actor: entitled })).toBe(true);
  });

  test('rule 5: nothing is had from a preset that is not approved, or from none at all', () => {
    const rendition = aRendition('a', 'dynamic', { presetId: 'other' });
    const orphan = aRendition('a', 'dynamic', { presetId: null });
    for (const actor of [requester, entitled, { ...administrator, groups: ['allowed'] }]) {
      expect(reading({ rendition, actor, visibility: lifting })).toBe('rendition.not_approved');
      expect(reading({ rendition: orphan, actor, visibility: lifting })).toBe('rendition.not_approved');
    }
  });

  test('rule 5: a dynamic rendition that is not rendered yet may be had, unless its original is gone', () => {
    const pending = { state: 'pending', blob: null } as const;
    expect(reading({ rendition: aRendition('a', 'dynamic', pending), actor: entitled })).toBe(true);
    expect(reading({ rendition: aRendition('a', 'smart-crop', pending), actor: entitled })).toBe(true);
    const gone = aRendition('a', 'dynamic', { ...pending, sourceFault: 'missing' });
    expect(reading({ rendition: gone, actor: entitled })).toBe('blob.missing');
  });

  test('rule 6: where acceptances are for their own download, a file needs one for its asset, an hour old at most', () => {
    const asset = anAsset('a', { licenceId: 'l' });
    const read = (facts: Parameters<typeof anAcceptance>[1], licence = aLicence('l', { version: 2 })) =>
      reading({
        asset,
        licence,
        acceptances: [anAcceptance('l', { version: 2, ...facts })],
        visibility: { ...defaultVisibility, licenceAcceptance: 'per-download' },
      });
    expect(read({ assetId: 'a' })).toBe(true);
    expect(read({ assetId: 'a', acceptedAt: hours(-1) })).toBe(true);
    expect(read({ assetId: 'a', acceptedAt: new Date(hours(-1).getTime() - 1) })).toBe('licence.not_accepted');
    expect(read({ assetId: 'a', acceptedAt: days(-1) })).toBe('licence.not_accepted');
    expect(read({ assetId: 'b' })).toBe('licence.not_accepted');
    expect(read({ downloadId: 'd' })).toBe('licence.not_accepted');
    expect(read({ downloadId: 'd', assetId: 'a' })).toBe('licence.not_accepted');
    expect(read({ assetId: 'a', version: 1 })).toBe('licence.changed');
  });

  test('a rule for a group keeps a file back from its members, the thumbnail and administrators included', () => {
    const visibility = {
      ...defaultVisibility,
      groupRules: [{ groupId: 'g', effect: 'deny' as const, kinds: [], name: null }],
    };
    for (const actor of [requester, administrator]) {
      for (const name of ['original', 'web', 'thumbnail']) {
        expect(reading({ name, visibility, actor: { ...actor, groups: ['g'] } })).toBe('visibility.rule_denied');
        expect(reading({ name, visibility, actor })).toBe(true);
      }
    }
  });

  test('a file that is not there, or not yet, says so', () => {
    expect(reading({ rendition: aRendition('a', 'static', { state: 'failed', blob: null }) })).toBe('rendition.failed');
    expect(reading({ rendition: aRendition('a', 'static', { state: 'pending', blob: null }) })).toBe(
      'rendition.none_available',
    );
    expect(reading({ rendition: aRendition('a', 'original', { blob: aBlob({ fault: 'missing' }) }) })).toBe(
      'blob.missing',
    );
  });
});
