import { expect, test } from 'vitest';
import { retryAfterMs } from './retry-after.ts';

const now = new Date('2026-11-29T12:00:00.500Z');
const most = 24 * 60 * 60_000;

test.each([
  ['120', 120_000],
  [' 120 ', 120_000],
  ['0', 0],
  ['86401', most],
  ['9'.repeat(400), most],
  ['Sun, 29 Nov 2026 12:01:00 GMT', 59_500],
  ['Sun, 29 Nov 2026 11:00:00 GMT', 0],
  ['Fri, 01 Jan 2100 00:00:00 GMT', most],
])('%s is a pause of %d ms', (header, pause) => {
  expect(retryAfterMs(header, { now, most })).toBe(pause);
});

test.each([undefined, '', 'soon', '-5', '1.5', '1e3', '2026-11-29T12:01:00Z', 'Sun, 99 Nov 2026 12:01:00 GMT'])(
  '%s asks for nothing',
  (header) => {
    expect(retryAfterMs(header, { now, most })).toBeNull();
  },
);
