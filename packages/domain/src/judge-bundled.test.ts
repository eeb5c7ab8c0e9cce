import { expect, test } from 'vitest';
import { type BundledGroup, type BundleFacts, judgeBundled } from './judge-bundled.ts';
import { aLicence, anAcceptance, aPresetId, days, now, requester } from './testing/decision-facts.ts';
import { defaultVisibility } from './visibility-configuration.ts';

const original = { kind: 'original', name: 'original', presetId: null } as const;
const hero = { kind: 'dynamic', name: 'hero', presetId: aPresetId } as const;

function judged(group: Partial<BundledGroup>, facts: Partial<BundleFacts> = {}) {
  return judgeBundled({
    owner: requester,
    downloadId: 'd',
    licences: new Map([['l', aLicence('l')]]),
    acceptances: [],
    approvedPresets: new Set([aPresetId]),
    visibility: defaultVisibility,
    now,
    ...facts,
  })({ status: 'approved', licenceId: null, expiresAt: null, files: [original], ...group });
}

const entitled = { ...requester, dynamicRenditions: true };

test('what its owner may have stays in a bundle', () => {
  expect(judged({})).toBeNull();
  expect(judged({ files: [original, hero] }, { owner: entitled })).toBeNull();
});

test.each<[string, Partial<BundledGroup>, Partial<BundleFacts>, string]>([
  ['an asset that is deleted', { status: null }, {}, 'asset.not_found'],
  ['an approval that is taken back', { status: 'rejected' }, {}, 'asset.not_found'],
  ['an asset that expired', { expiresAt: now }, {}, 'asset.not_found'],
  [
    'an asset that expired and is visible',
    { expiresAt: days(-1) },
    { visibility: { ...defaultVisibility, expiredVisible: true } },
    'asset.expired',
  ],
  ['an entitlement that is withdrawn', { files: [original, hero] }, {}, 'rendition.not_entitled'],
  [
    'a preset that is no longer approved',
    { files: [hero] },
    { owner: entitled, approvedPresets: new Set() },
    'rendition.not_approved',
  ],
  [
    'a rule that denies',
    {},
    {
      owner: { ...requester, groups: ['g'] },
      visibility: { ...defaultVisibility, groupRules: [{ groupId: 'g', effect: 'deny', kinds: [], name: 'orig*' }] },
    },
    'visibility.rule_denied',
  ],
  ['a licence that was never accepted', { licenceId: 'l' }, {}, 'licence.not_accepted'],
  [
    'a licence with a new version',
    { licenceId: 'l' },
    { acceptances: [anAcceptance('l', { version: 0 })] },
    'licence.changed',
  ],
  ['a licence that is gone', { licenceId: 'm' }, { acceptances: [anAcceptance('m')] }, 'licence.not_approved'],
  [
    'renditions that are switched off, the thumbnail too',
    { files: [{ kind: 'static', name: 'thumbnail', presetId: null }] },
    { visibility: { ...defaultVisibility, renditionsAvailable: false } },
    'visibility.renditions_off',
  ],
])('%s refuses it: %#', (_, group, facts, reason) => {
  expect(judged(group, facts)).toBe(reason);
});

test('where acceptances are for their own download, a bundle needs its own', () => {
  const visibility = { ...defaultVisibility, licenceAcceptance: 'per-download' } as const;
  const accepted = (downloadId: string) => [anAcceptance('l', { downloadId })];
  expect(judged({ licenceId: 'l' }, { visibility, acceptances: accepted('d') })).toBeNull();
  expect(judged({ licenceId: 'l' }, { visibility, acceptances: accepted('other') })).toBe('licence.not_accepted');
});
