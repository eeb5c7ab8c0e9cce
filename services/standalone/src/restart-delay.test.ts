import { expect, test } from 'vitest';
import { createRestartDelay } from './restart-delay.ts';

test('a process that keeps crashing is restarted after pauses that double up to half a minute', () => {
  const delay = createRestartDelay();
  const pauses = Array.from({ length: 7 }, () => delay.next(100));
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
});

test('a minute of health resets the pause', () => {
  const delay = createRestartDelay();
  delay.next(100);
  delay.next(59_999);
  expect(delay.next(100)).toBe(4_000);
  expect(delay.next(60_000)).toBe(1_000);
  expect(delay.next(100)).toBe(2_000);
});
