import { expect, test } from 'vitest';
import { visibilityChanges } from './visibility-changes.ts';
import { defaultVisibility } from './visibility-configuration.ts';

const rule = { groupId: 'g', effect: 'deny' as const, kinds: ['static' as const], name: null };

test('names each setting that differs, those in an object by their path, and none that says the same', () => {
  const after = {
    ...defaultVisibility,
    expiredVisible: true,
    background: { maxSeconds: 30, maxAssets: 20, maxBytes: 100_000_000 },
    groupRules: [rule],
  };
  expect(visibilityChanges(defaultVisibility, after)).toEqual([
    { field: 'expiredVisible', before: false, after: true },
    { field: 'groupRules', before: [], after: [rule] },
    { field: 'background.maxAssets', before: 10, after: 20 },
  ]);
});

test('the order of a rule’s fields is no change', () => {
  const { groupId, effect, kinds, name } = rule;
  const before = { ...defaultVisibility, groupRules: [rule] };
  const after = { ...defaultVisibility, groupRules: [{ name, kinds, effect, groupId }] };
  expect(visibilityChanges(before, after)).toEqual([]);
});
