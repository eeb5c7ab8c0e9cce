import { describe, expect, test } from 'vitest';
import { decodeCursor, encodeCursor, pageJson, toPage } from './cursor.ts';

const id = '0197a0b1-c2d3-7e4f-8a5b-6c7d8e9f0a1b';

describe('cursors', () => {
  test('stand for the id that they were made from', () => {
    expect(decodeCursor(encodeCursor(id))).toBe(id);
  });

  test('are absent on the first page', () => {
    expect(decodeCursor(undefined)).toBeUndefined();
  });

  test.each(['', 'a', id, `${encodeCursor(id)}A`, 'x'.repeat(22), encodeCursor(id).toUpperCase().slice(1)])(
    'that we did not hand out are refused: %j',
    (cursor) => {
      expect(() => decodeCursor(cursor)).toThrow(expect.objectContaining({ code: 'input.invalid' }));
    },
  );
});

describe('pages', () => {
  test('of one row too many end with a cursor of the last row shown', () => {
    const rows = [{ id: 'ffffffff-0000-7000-8000-000000000002' }, { id }, { id: 'unused' }];
    expect(toPage(rows, 2, (row) => row.id)).toEqual({
      items: [rows[0]?.id, id],
      nextCursor: encodeCursor(id),
    });
  });

  test('that hold the last row have no cursor', () => {
    expect(toPage([{ id }], 1, (row) => row.id).nextCursor).toBeNull();
    expect(pageJson({ items: [1], nextCursor: null }, String)).toEqual({ items: ['1'], nextCursor: null });
  });
});
