import { expect, test } from 'vitest';
import { unstorableText } from './unstorable-text.ts';

test('finds NUL and half surrogate pairs however deep, and nothing else', () => {
  expect(unstorableText({ a: 'ok 💾\n', b: ['x', 'a\u0000'], c: { d: '\ud83d' }, e: null, f: 1 })).toEqual([
    '/b/1',
    '/c/d',
  ]);
  expect(unstorableText('\udcbe')).toEqual(['']);
  expect(unstorableText(undefined)).toEqual([]);
});
