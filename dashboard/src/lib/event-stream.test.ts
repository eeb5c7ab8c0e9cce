import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEventParser } from './event-stream.ts';

const text =
  'id: 7\nevent: progress\ndata: {"a":\ndata: 1}\n\n: a comment\nretry: 100\n\ndata:x\r\n\r\nid\ndata: y\r\r';
const events = [
  { id: '7', event: 'progress', data: '{"a":\n1}' },
  { id: '7', event: 'message', data: 'x' },
  { id: '', event: 'message', data: 'y' },
];

test('events keep the last id, join their lines, and skip comments', () => {
  expect(createEventParser()(`${text}\n`)).toEqual(events);
});

test('where the pieces are cut makes no difference', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(text.length), { maxLength: 8 }), (cuts) => {
      const parse = createEventParser();
      const borders = [0, ...cuts.sort((a, b) => a - b), text.length];
      const pieces = borders.slice(1).map((border, n) => text.slice(borders[n], border));
      expect([...pieces, '\n'].flatMap(parse)).toEqual(events);
    }),
  );
});

test('an event without its empty line at the end is not given', () => {
  expect(createEventParser()('data: half\n')).toEqual([]);
});
