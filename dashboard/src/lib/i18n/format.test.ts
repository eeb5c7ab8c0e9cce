import { expect, test } from 'vitest';
import { formatBytes, formatDistance, formatDuration } from './format.ts';

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

test.each([
  [0, '0 ms'],
  [850, '850 ms'],
  [1_500, '1.5 sec'],
  [9_990, '10 sec'],
  [65_000, '1 min 5 sec'],
  [3_600_000, '1 hr'],
  [93_784_000, '1 day 2 hr'],
])('%d milliseconds read as %s', (milliseconds, text) => {
  expect(formatDuration(milliseconds, 'en')).toBe(text);
});
