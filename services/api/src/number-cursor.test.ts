import { expect, test } from 'vitest';
import { decodeNumberCursor, encodeNumberCursor, toNumberedPage } from './number-cursor.ts';

test('a cursor leads back to the number it was made of; without one the list begins at its head', () => {
  for (const number of [0, 1, 200, 123_456_789]) expect(decodeNumberCursor(encodeNumberCursor(number))).toBe(number);
  expect(decodeNumberCursor(undefined)).toBeUndefined();
});

test.each(['', 'x', '!!', 'MDE', 'LTE', 'MQ==', encodeNumberCursor(1e10)])('%j is no cursor', (cursor) => {
  expect(() => decodeNumberCursor(cursor)).toThrow(expect.objectContaining({ code: 'input.invalid' }));
});

test('a page says where the next one begins, if there is one', () => {
  const page = (rows: number[]) => toNumberedPage(rows, 2, (row) => row, String);
  expect(page([9, 8, 7])).toEqual({ items: ['9', '8'], nextCursor: encodeNumberCursor(8) });
  expect(page([9, 8])).toEqual({ items: ['9', '8'], nextCursor: null });
  expect(page([])).toEqual({ items: [], nextCursor: null });
});
