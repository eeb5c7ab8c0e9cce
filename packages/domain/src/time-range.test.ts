import { expect, test } from 'vitest';
import { rangePlans, rangeSteps, resolutionSeconds, rollupKeptHours, timeRanges } from './time-range.ts';

test.each(timeRanges)('%s is shown in 15 to 168 steps, each of whole rollups that are kept for as long', (range) => {
  const { resolution, seconds, stepSeconds } = rangePlans[range];
  const steps = rangeSteps(range, new Date('2026-03-04T05:06:07.890Z'));
  expect(steps.length).toBeGreaterThanOrEqual(15);
  expect(steps.length).toBeLessThanOrEqual(168);
  expect(stepSeconds % resolutionSeconds[resolution]).toBe(0);
  expect(rollupKeptHours[resolution] * 3_600).toBeGreaterThan(seconds);
});

test('the last step holds the present moment, and the first begins a range before its end', () => {
  const steps = rangeSteps('1h', new Date('2026-03-04T05:06:07.890Z'));
  expect(new Date(steps.at(-1)!).toISOString()).toBe('2026-03-04T05:06:00.000Z');
  expect(new Date(steps[0]!).toISOString()).toBe('2026-03-04T04:07:00.000Z');
});
