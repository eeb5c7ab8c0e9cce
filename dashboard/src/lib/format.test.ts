import { expect, test } from 'vitest';
import { formatBytes, formatDistance } from './format.ts';

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1_000, '1 kB'],
  [12_345_678, '12.3 MB'],
  [4_500_000_000, '4.5 GB'],
])('%d bytes read as %s', (bytes, text) => {
  expect(formatBytes(bytes, 'en')).toBe(text);
});

test('a distance is given in the largest whole unit, towards past and future', () => {
  const now = new Date('2026-01-01T00:00:00Z');
  expect(formatDistance('2026-01-07T01:00:00Z', now, 'en')).toBe('in 6 days');
  expect(formatDistance('2025-12-31T22:00:00Z', now, 'en')).toBe('2 hours ago');
  expect(formatDistance('2026-01-01T00:00:09Z', now, 'en')).toBe('in 9 seconds');
});
