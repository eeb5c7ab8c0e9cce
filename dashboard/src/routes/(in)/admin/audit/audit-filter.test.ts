import { expect, test } from 'vitest';
import { filterOf, isId, searchOf } from './audit-filter.ts';

test('a filter comes back from the address that says it', () => {
  const filter = { q: '100 % & <b>', action: 'asset.added' as const, from: '2026-03-04T05:06:00.000Z' };
  expect(filterOf(new URLSearchParams(searchOf(filter)))).toEqual(filter);
  expect(filterOf(new URLSearchParams(searchOf({})))).toEqual({});
});

test('what an address says beyond the filter is left out', () => {
  expect(filterOf(new URLSearchParams('?format=csv&limit=3&q=&action=key.created'))).toEqual({ action: 'key.created' });
});

test('an id is told from what is none', () => {
  expect(isId(' 0197A0B1-c2d3-7e4f-8a5b-6c7d8e9f0a1b ')).toBe(true);
  for (const text of ['', 'x', '0197a0b1c2d37e4f8a5b6c7d8e9f0a1b']) expect(isId(text)).toBe(false);
});
