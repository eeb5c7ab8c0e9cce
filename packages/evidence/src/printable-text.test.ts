import { expect, test } from 'vitest';
import { printableText } from './printable-text.ts';

test.each([
  ['an escape sequence', '\u001b[2Jgone', '�[2Jgone'],
  ['a sequence of one C1 character', '\u009b2Jgone', '�2Jgone'],
  ['a line break', 'a\r\nb is genuine.', 'a��b is genuine.'],
  ['a line separator', 'a\u2028b', 'a�b'],
  ['an overriding direction', 'gpj.\u202eexe', 'gpj.�exe'],
  ['an isolated direction', '\u2067a\u2069', '�a�'],
  ['half a surrogate pair', 'a\ud800', 'a�'],
])('%s is replaced', (_what, given, printed) => {
  expect(printableText(given)).toBe(printed);
});

test('letters of every script stay, marks and pictures too', () => {
  const text = 'größe/写真 – “תמונה” 🖼️ e\u0301';
  expect(printableText(text)).toBe(text);
});
