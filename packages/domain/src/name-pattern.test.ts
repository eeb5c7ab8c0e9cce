import fc from 'fast-check';
import { expect, test } from 'vitest';
import { namePattern } from './name-pattern.ts';
import { naiveMatch } from './testing/naive-rules.ts';

test.each([
  ['web', 'web', true],
  ['web', 'Web', false],
  ['web', 'web-large', false],
  ['web*', 'web', true],
  ['*-large', 'web-large', true],
  ['w?b', 'wéb', true],
  ['?', '📷', true],
  ['??', 'a', false],
  ['*a*b', 'xaxbxab', true],
  ['*', '', true],
  ['w.b', 'web', false],
  ['[a-z]*', 'web', false],
])('the pattern %s and the name %s: %s', (pattern, name, matches) => {
  expect(namePattern(pattern)(name)).toBe(matches);
});

test('patterns match what trying everything matches', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
  fc.assert(
    fc.property(text, fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 }), (pattern, name) => {
      expect(namePattern(pattern)(name)).toBe(naiveMatch(pattern, name));
    }),
  );
});

test('a pattern of many stars takes no more than its length times that of the name', () => {
  expect(namePattern(`${'*a'.repeat(50)}b`)('a'.repeat(5_000))).toBe(false);
});
