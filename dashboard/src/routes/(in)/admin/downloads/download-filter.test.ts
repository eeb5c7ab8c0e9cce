import { expect, test } from 'vitest';
import {
  filterOf,
  fromLocalTime,
  fromMegabytes,
  orderOf,
  toLocalTime,
  toMegabytes,
  toQuery,
} from './download-filter.ts';

test('a filter that went into an address comes out of it the same', () => {
  const filter = { q: 'a & b', state: 'failed,cancelled', sizeMin: 0, sizeMax: 5_000_000, error: 'storage.full' };
  const query = toQuery(filter, 'largest');
  expect(filterOf(new URLSearchParams(query))).toEqual(filter);
  expect(orderOf(new URLSearchParams(query))).toBe('largest');
  expect(toQuery({}, 'newest')).toBe('');
});

test('what an address has besides, or badly, is no filter', () => {
  const parameters = new URLSearchParams('?order=upwards&sizeMin=many&q=%20&cursor=x&sizeMax=-1');
  expect(filterOf(parameters)).toEqual({});
  expect(orderOf(parameters)).toBe('newest');
});

test('sizes are typed in megabytes and times on the viewer’s own clock', () => {
  expect(fromMegabytes('1,5')).toBe(1_500_000);
  expect(toMegabytes(1_500_000)).toBe('1.5');
  expect(fromMegabytes('')).toBeUndefined();
  expect(fromMegabytes('-1')).toBeUndefined();
  const instant = '2026-05-06T07:08:00.000Z';
  expect(fromLocalTime(toLocalTime(instant))).toBe(instant);
  expect(fromLocalTime('')).toBeUndefined();
});
