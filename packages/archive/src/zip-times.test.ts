import { expect, test } from 'vitest';
import { dosTime, unixSeconds } from './zip-times.ts';

/** As a reader takes it apart. */
function readDosTime(dos: number): string {
  const [date, time] = [dos >>> 16, dos & 0xffff];
  const pad = (value: number) => String(value).padStart(2, '0');
  const day = `${1980 + (date >>> 9)}-${pad((date >>> 5) & 15)}-${pad(date & 31)}`;
  return `${day}T${pad(time >>> 11)}:${pad((time >>> 5) & 63)}:${pad(2 * (time & 31))}Z`;
}

test.each([
  ['2026-03-29T00:59:58Z', '2026-03-29T00:59:58Z'],
  ['2026-03-29T01:00:00Z', '2026-03-29T01:00:00Z'],
  ['2026-10-25T01:30:01.999Z', '2026-10-25T01:30:00Z'],
  ['1980-01-01T00:00:00Z', '1980-01-01T00:00:00Z'],
  ['1979-12-31T23:59:59Z', '1980-01-01T00:00:00Z'],
  ['1601-01-01T00:00:00Z', '1980-01-01T00:00:00Z'],
  ['2107-12-31T23:59:59Z', '2107-12-31T23:59:58Z'],
  ['2108-01-01T00:00:00Z', '2107-12-31T23:59:58Z'],
  ['+275760-09-13T00:00:00Z', '2107-12-31T23:59:58Z'],
])('the DOS time of %s is %s', (time, expected) => {
  expect(readDosTime(dosTime(new Date(time)))).toBe(expected);
});

test.each([
  ['1970-01-01T00:00:00.999Z', 0],
  ['1970-01-01T00:00:00Z', 0],
  ['1969-12-31T23:59:59.999Z', null],
  ['1890-05-05T10:00:00Z', null],
  ['2038-01-19T03:14:07.999Z', 2 ** 31 - 1],
  ['2038-01-19T03:14:08Z', null],
])('the extended timestamp of %s is %s', (time, expected) => {
  expect(unixSeconds(new Date(time))).toBe(expected);
});
