import { expect, test } from 'vitest';
import { changedFacts } from './changed-facts.ts';

const now = new Date('2026-03-04T05:06:07Z');

test('only what is another than before is told, with both values', () => {
  const before = { title: 'Old', expiresAt: now, approved: false };
  expect(changedFacts(before, { title: 'New', expiresAt: new Date(now), approved: true })).toEqual({
    before: { title: 'Old', approved: false },
    after: { title: 'New', approved: true },
  });
});

test('nothing is told where nothing changed', () => {
  expect(changedFacts({ title: 'Same', expiresAt: now }, { title: 'Same', expiresAt: new Date(now) })).toBeNull();
});
