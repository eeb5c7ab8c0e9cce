import { expect, test } from 'vitest';
import { createCadence } from './cadence.ts';

test('what is done every so often is due the first time, and then not before its time', () => {
  let now = 0;
  const due = createCadence(() => now);

  expect(due('tidy', 100)).toBe(true);
  now = 99;
  expect(due('tidy', 100)).toBe(false);
  expect(due('other', 100)).toBe(true);
  now = 100;
  expect(due('tidy', 100)).toBe(true);
  expect(due('tidy', 100)).toBe(false);
});
