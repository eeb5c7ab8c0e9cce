import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { combineCrc32 } from './combine-crc32.ts';

const bytes = fc.uint8Array({ maxLength: 5_000 });

test('the combination of two checksums is the checksum of the two runs after each other', () => {
  fc.assert(
    fc.property(bytes, bytes, (first, second) => {
      const both = Buffer.concat([first, second]);
      expect(combineCrc32(crc32(first), crc32(second), second.length)).toBe(crc32(both));
    }),
  );
});

test('lengths beyond 32 bits count in full: two runs of zeros make the checksum of one run', () => {
  // By doubling: zeros of 2^33 bytes and one byte, put together in two orders.
  let zeros = crc32(Buffer.alloc(1));
  for (let length = 1; length < 2 ** 33; length *= 2) zeros = combineCrc32(zeros, zeros, length);
  const one = crc32(Buffer.alloc(1));

  expect(combineCrc32(zeros, one, 1)).toBe(combineCrc32(one, zeros, 2 ** 33));
});
