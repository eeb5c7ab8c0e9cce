import { expect, test } from 'vitest';
import { fromLocalInput, toLocalInput } from './local-time.ts';

test('an instant comes back from the field that shows it, to the minute', () => {
  for (const instant of ['2026-03-04T05:06:00.000Z', '2026-07-31T23:59:00.000Z']) {
    expect(fromLocalInput(toLocalInput(instant))).toBe(instant);
  }
});

test('nothing stays nothing', () => {
  expect(toLocalInput(null)).toBe('');
  expect(fromLocalInput('')).toBeNull();
  expect(fromLocalInput('no time')).toBeNull();
});
