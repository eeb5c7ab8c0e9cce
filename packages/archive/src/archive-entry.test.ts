import { expect, test } from 'vitest';
import { isSafePath } from './archive-entry.ts';

test.each([
  '',
  '..',
  '../outside.txt',
  'folder/../../outside.txt',
  '/etc/passwd',
  'C:/windows.txt',
  'C:windows.txt',
  'folder\\file.txt',
  'folder//file.txt',
  './file.txt',
  'folder/',
  'nul\u0000.txt',
  'half-a-\ud83c-character.txt',
])('%j is not a safe path', (path) => {
  expect(isSafePath(path)).toBe(false);
});

test('a path longer than a ZIP can hold is not safe', () => {
  expect(isSafePath('n'.repeat(65_536))).toBe(false);
  expect(isSafePath('n'.repeat(65_535))).toBe(true);
});

test.each(['file.txt', 'folder/..file', 'a/b/c.d', 'a b: c.txt', '🌾 صورة.jpg', '...'])('%j is a safe path', (path) => {
  expect(isSafePath(path)).toBe(true);
});
