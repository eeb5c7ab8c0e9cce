import { expect, test } from 'vitest';
import type { GroupRule } from './group-rule.ts';
import { visibilityChanges } from './visibility-changes.ts';
import { defaultVisibility, type VisibilityConfiguration } from './visibility-configuration.ts';
import { visibilityProblems } from './visibility-problems.ts';

const rule = (facts: Partial<GroupRule> = {}): GroupRule => {
  return { groupId: 'g', effect: 'deny', kinds: ['static'], name: 'web', ...facts };
};
const paths = (configuration: Partial<VisibilityConfiguration>) =>
  visibilityProblems({ ...defaultVisibility, ...configuration }, new Set(['g', 'h'])).map(({ path }) => path);

test('the default may come into force, and so may names for several assets', () => {
  expect(paths({})).toEqual([]);
  expect(paths({ multiSelectRenditionNames: true })).toEqual([]);
});

test('rule 8: expired assets cannot be downloadable without being visible', () => {
  expect(paths({ expiredDownloadable: true })).toEqual(['/expiredDownloadable']);
  expect(paths({ expiredDownloadable: true, expiredVisible: true })).toEqual([]);
});

test.each([
  ['a contradiction', [rule(), rule({ effect: 'allow' })], ['/groupRules/1/effect']],
  ['a repetition', [rule(), rule()], ['/groupRules/1']],
  [
    'a repetition with its kinds in another order, or twice',
    [rule({ kinds: ['static', 'original'] }), rule({ kinds: ['original', 'static', 'static'] })],
    ['/groupRules/1'],
  ],
  [
    'every kind, named and not',
    [rule({ kinds: [] }), rule({ kinds: ['original', 'static', 'dynamic', 'smart-crop'], effect: 'allow' })],
    ['/groupRules/1/effect'],
  ],
  ['every name, as a pattern and not', [rule({ name: null }), rule({ name: '**' })], ['/groupRules/1']],
  ['an unknown group', [rule({ groupId: 'x' })], ['/groupRules/0/groupId']],
  ['an empty name', [rule({ name: '' })], ['/groupRules/0/name']],
  ['an overlap', [rule(), rule({ effect: 'allow', kinds: [] }), rule({ effect: 'allow', name: 'w*' })], []],
  ['the same for another group', [rule(), rule({ groupId: 'h', effect: 'allow' })], []],
])('rules for groups: %s', (_, groupRules, expected) => {
  expect(paths({ groupRules })).toEqual(expected);
});

test('changes name every setting that differs, also those within others', () => {
  const after = {
    ...defaultVisibility,
    expiredVisible: true,
    background: { ...defaultVisibility.background, maxAssets: 3 },
    groupRules: [rule()],
  };
  expect(visibilityChanges(defaultVisibility, after)).toEqual([
    { field: 'expiredVisible', before: false, after: true },
    { field: 'groupRules', before: [], after: [rule()] },
    { field: 'background.maxAssets', before: 10, after: 3 },
  ]);
  expect(visibilityChanges(after, structuredClone(after))).toEqual([]);
});
