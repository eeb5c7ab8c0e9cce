import { describe, expect, test } from 'vitest';
import { fitName } from './fit-name.ts';
import { foldName } from './fold-name.ts';
import { safeName } from './safe-name.ts';

const bytes = (text: string) => Buffer.byteLength(text);

describe('safeName', () => {
  test.each([
    ['ordinary names stay as they are', 'Boats at Nagasaki (1890).jpg', 'Boats at Nagasaki (1890).jpg'],
    ['letters of any script and emoji stay', '写真 Überblick ✈️ 🎉.jpg', '写真 Überblick ✈️ 🎉.jpg'],
    ['hidden files of Unix stay', '.htaccess', '.htaccess'],
    ['decomposed letters are composed (NFC)', 'Ka\u0308se.jpg', 'K\u00e4se.jpg'],
    ['separators cannot leave the folder', '../../etc/passwd', '__etc_passwd'],
    ['nor can those of Windows', '..\\..\\boot.ini', '__boot.ini'],
    ['absolute paths and drives become plain', 'C:\\a.jpg', 'C__a.jpg'],
    ['what Windows refuses is replaced', 'a<b>c:d"e|f?g*h', 'a_b_c_d_e_f_g_h'],
    ['characters that become those under WSL as well', 'a\uf03ab', 'a_b'],
    ['U+0000 and other controls go', 'a\u0000b\u001f\u007f\u0085\n.jpg', 'ab.jpg'],
    ['bidirectional controls go', 'photo\u202egpj.exe\u2066\u200f\u061c', 'photogpj.exe'],
    ['zero-width characters and the byte order mark go', '\ufeffa\u200bb\u2060\u200d.jpg', 'ab.jpg'],
    ['lone surrogates are replaced', 'a\ud800b.jpg', 'a\ufffdb.jpg'],
    ['spaces and dots at the end go', 'draft. . .', 'draft'],
    ['spaces at the start go', '  a.jpg', 'a.jpg'],
    ['dots alone are no name', '..', '_'],
    ['nothing is no name', '', '_'],
    ['nothing visible is no name', '\u202e\u200b ', '_'],
    ['device names', 'CON', '_CON'],
    ['device names in any case with an extension', 'nul.tar.gz', '_nul.tar.gz'],
    ['device names with spaces before the extension', 'Aux  .jpg', '_Aux  .jpg'],
    ['numbered devices from 0', 'com0.jpg', '_com0.jpg'],
    ['superscript digits count', 'LPT².jpg', '_LPT².jpg'],
    ['console devices', 'conin$', '_conin$'],
    ['longer names that begin so are free', 'CONTENT.jpg', 'CONTENT.jpg'],
    ['a device name that appears by removing', 'C\u200bON', '_CON'],
  ])('%s', (_, name, safe) => {
    expect(safeName(name)).toBe(safe);
  });

  test('300 characters are cut to 255 bytes, and the extension stays', () => {
    expect(safeName(`${'a'.repeat(300)}.jpg`)).toBe(`${'a'.repeat(251)}.jpg`);
  });

  test('the limit is in bytes, and no letter or emoji is torn', () => {
    const wide = safeName(`${'写'.repeat(100)}.jpg`);
    expect(wide).toBe(`${'写'.repeat(83)}.jpg`);
    const flags = safeName(`${'🇩🇪'.repeat(60)}.jpeg`);
    expect(flags).toBe(`${'🇩🇪'.repeat(31)}.jpeg`);
  });

  test('one character that is longer than a name is cut between its code points', () => {
    const tower = safeName(`a${'\u0316'.repeat(400)}.jpg`);
    expect(bytes(tower)).toBeLessThanOrEqual(255);
    expect(tower).toMatch(/^a\u0316{100,}\.jpg$/);
  });

  test('cutting a name does not uncover a device name or a space at its end', () => {
    expect(safeName(`CON${' '.repeat(300)}x.jpg`)).toBe('_CON.jpg');
    expect(safeName(`report${' '.repeat(300)}x`, 'folder')).toBe('report');
  });

  test('what follows the last dot of a folder or a sentence is no extension', () => {
    expect(safeName(`${'a'.repeat(250)}.longer`, 'folder')).toBe(`${'a'.repeat(250)}.long`);
    expect(safeName(`${'a'.repeat(250)}. The second sentence`)).toBe(`${'a'.repeat(250)}. The`);
  });

  test('hostile lengths take no time to speak of', () => {
    const started = performance.now();
    for (const piece of [' ', '.', '\u0316', '👨‍👩‍👧', 'CON ', '\u202e']) safeName(`a${piece.repeat(100_000)}b`);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

test('fitName puts a number before the extension within the limits', () => {
  expect(fitName('boats.jpg', { units: 200, suffix: ' (2)', extension: true })).toBe('boats (2).jpg');
  expect(fitName('v1.2', { units: 200, suffix: ' (2)', extension: false })).toBe('v1.2 (2)');
  expect(fitName(`${'a'.repeat(300)}.jpg`, { units: 40, suffix: ' (2)', extension: true })).toBe(
    `${'a'.repeat(32)} (2).jpg`,
  );
});

test.each([
  ['case', 'BOATS.JPG', 'boats.jpg'],
  ['sharp s, both cases', 'stra\u00dfe', 'STRA\u1e9eE'],
  ['sharp s spelt out', 'stra\u00dfe', 'strasse'],
  ['composition', 'K\u00e4se', 'Ka\u0308se'],
  ['width', 'ＡＢＣ', 'abc'],
  ['ligatures', 'ﬁle', 'FILE'],
  ['the Kelvin sign', '\u212a', 'k'],
  ['dotted and dotless i', 'I', 'ı'],
  ['final sigma', 'ΟΔΟΣ', 'οδος'],
  ['iota subscript', 'ᾳ', 'ᾼ'],
  ['variation selectors', '❤\ufe0f', '❤'],
])('foldName: names that a file system may take for one have one key: %s', (_, a, b) => {
  expect(foldName(a)).toBe(foldName(b));
});
