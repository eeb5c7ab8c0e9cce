import { expect, test } from 'vitest';
import { daysUntilFull, growthPerDay } from './storage-trend.ts';

const at = (hours: number) => new Date(Date.UTC(2026, 0, 1) + hours * 3_600_000);

test('growth is the slope of the best line, in bytes a day', () => {
  const samples = [0, 12, 24, 48].map((hours) => ({ at: at(hours), usedBytes: 5_000 + 100 * hours }));
  expect(growthPerDay(samples)).toBeCloseTo(2_400, 6);
  const shrinking = [0, 24, 48].map((hours) => ({ at: at(hours), usedBytes: 5_000 - hours }));
  expect(growthPerDay(shrinking)).toBeCloseTo(-24, 6);
});

test('two samples of a moment, or one, are no trend', () => {
  expect(growthPerDay([])).toBeNull();
  expect(growthPerDay([{ at: at(0), usedBytes: 1 }])).toBeNull();
  expect(
    growthPerDay([
      { at: at(0), usedBytes: 1 },
      { at: at(0.5), usedBytes: 9 },
    ]),
  ).toBeNull();
});

test('storage is full once what is free has been filled at that rate; never where it does not grow', () => {
  expect(daysUntilFull(100, 1_000)).toBe(10);
  expect([daysUntilFull(0, 1), daysUntilFull(-5, 1), daysUntilFull(null, 1), daysUntilFull(5, null)]).toEqual([
    null,
    null,
    null,
    null,
  ]);
});
