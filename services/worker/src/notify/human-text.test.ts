import { expect, test } from 'vitest';
import { sizeText, timeText } from './human-text.ts';

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1_000, '1.0 kB'],
  [99_949, '99.9 kB'],
  [99_960, '100 kB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [2_000_000_000, '2.0 GB'],
  [5_000_000_000_000_000, '5000 TB'],
])('%i bytes are shown as %s', (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});

test('a time is shown with its zone', () => {
  expect(timeText('2027-01-05T14:00:30.000Z')).toBe('5 January 2027 at 14:00 UTC');
});
