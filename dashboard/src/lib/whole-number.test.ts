import { expect, test } from 'vitest';
import { wholeNumber } from './whole-number.ts';

test('a whole number within its bounds is one, nothing is nothing, and all else is wrong', () => {
  expect([' 7 ', '64', '', '  '].map((typed) => wholeNumber(typed, 64))).toEqual([7, 64, null, null]);
  expect(['0', '65', '1.5', '-1', '1e1', 'x', '1 2'].map((typed) => wholeNumber(typed, 64))).toEqual(
    Array.from({ length: 7 }, () => undefined),
  );
});
