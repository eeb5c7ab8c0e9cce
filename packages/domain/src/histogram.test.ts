import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketCount, bucketOf, percentileOf } from './histogram.ts';

test('durations fall into two buckets for each doubling, and into the first or last beyond them', () => {
  expect([0, 1, 1.5, 2, 2.9, 4, 1_000].map(bucketOf)).toEqual([0, 0, 1, 2, 3, 4, 19]);
  expect(bucketOf(1e15)).toBe(bucketCount - 1);
});

test('a percentile is within a factor of the square root of two of the true one', () => {
  const duration = fc.double({ min: 1, max: 1e8, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(duration, { minLength: 1, maxLength: 200 }),
      fc.constantFrom(0.5, 0.95, 1),
      (durations, share) => {
        const histogram = new Map<number, number>();
        for (const value of durations) histogram.set(bucketOf(value), (histogram.get(bucketOf(value)) ?? 0) + 1);
        const sorted = durations.toSorted((a, b) => a - b);
        const exact = sorted[Math.ceil(share * sorted.length) - 1]!;
        const factor = percentileOf(histogram, share)! / exact;
        expect(factor).toBeGreaterThan(0.7);
        expect(factor).toBeLessThan(1.42);
      },
    ),
  );
});

test('of nothing there is no percentile', () => {
  expect(percentileOf(new Map(), 0.5)).toBeNull();
  expect(percentileOf(new Map([[3, 0]]), 0.5)).toBeNull();
});
