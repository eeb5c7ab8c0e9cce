import { expect, test } from 'vitest';
import { estimateSeconds, needsBackground } from './needs-background.ts';
import { defaultVisibility } from './visibility-configuration.ts';

const stored = { format: 'zip', compression: 'store' } as const;
const small = { assets: 1, contentSize: 0, entriesToRender: 0 };
const needs = (size: Partial<typeof small>, request: Parameters<typeof needsBackground>[1] = stored) =>
  needsBackground({ ...small, ...size }, request, defaultVisibility.background);

test('rule 10: more than 10 assets', () => {
  expect(needs({ assets: 10 })).toBe(false);
  expect(needs({ assets: 11 })).toBe(true);
});

test('rule 10: more than 100 MB', () => {
  expect(needs({ contentSize: 100_000_000 })).toBe(false);
  expect(needs({ contentSize: 100_000_001 })).toBe(true);
});

test('rule 10: more than 30 s to prepare, by what is to be rendered', () => {
  expect(needs({ entriesToRender: 30 })).toBe(false);
  expect(needs({ entriesToRender: 31 })).toBe(true);
});

test('rule 10: deflating takes longer than copying', () => {
  const size = { contentSize: 1_000_000_000, entriesToRender: 0, assets: 1 };
  expect(estimateSeconds(size, stored)).toBe(10);
  expect(estimateSeconds(size, { format: 'zip', compression: 'deflate' })).toBe(50);
  expect(estimateSeconds(size, { format: 'tar.gz', compression: 'store' })).toBe(50);
  expect(estimateSeconds(size, { format: 'tar', compression: 'deflate' })).toBe(10);
});

test('rule 10: the limits are settings', () => {
  const limits = { maxAssets: 1, maxBytes: 5, maxSeconds: 0 };
  expect(needsBackground({ ...small, assets: 2 }, stored, limits)).toBe(true);
  expect(needsBackground({ ...small, contentSize: 6 }, stored, limits)).toBe(true);
  expect(needsBackground({ ...small, entriesToRender: 1 }, stored, limits)).toBe(true);
  expect(needsBackground(small, stored, limits)).toBe(false);
});
