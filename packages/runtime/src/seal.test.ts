import { expect, test } from 'vitest';
import { createSealer } from './seal.ts';

const key = 'k'.repeat(32);

test('what was sealed is opened again', () => {
  const sealer = createSealer(key, 'link');
  expect(sealer.open(sealer.seal('a secret, ünïcode'))).toBe('a secret, ünïcode');
});

test('the same secret is sealed differently each time', () => {
  const sealer = createSealer(key, 'link');
  expect(sealer.seal('x').equals(sealer.seal('x'))).toBe(false);
});

test('another key, or the same for another purpose, does not open it', () => {
  const sealed = createSealer(key, 'link').seal('x');
  expect(() => createSealer('l'.repeat(32), 'link').open(sealed)).toThrow();
  expect(() => createSealer(key, 'webhook').open(sealed)).toThrow();
});

test('an altered byte anywhere is noticed', () => {
  const sealer = createSealer(key, 'link');
  const sealed = sealer.seal('secret');
  for (let index = 0; index < sealed.length; index++) {
    const altered = Buffer.from(sealed);
    altered[index]! ^= 1;
    expect(() => sealer.open(altered)).toThrow();
  }
});

test.each([0, 5, 27])('%d bytes are too few to be sealed with it', (length) => {
  expect(() => createSealer(key, 'link').open(Buffer.alloc(length))).toThrow();
});
