import fc from 'fast-check';
import { expect, test } from 'vitest';
import { catalogueFileName, catalogueFolder } from './catalogue-place.ts';

test('a folder is kept without superfluous slashes and dots', () => {
  expect(catalogueFolder('/Campaigns//Spring/./2026/')).toBe('Campaigns/Spring/2026');
  expect(catalogueFolder('')).toBe('');
});

test.each(['..', '../etc', 'a/../../b', 'a/.\u0000./b', 'a/ .. /b'])(
  'a folder that steps up is refused: %j',
  (folder) => {
    expect(() => catalogueFolder(folder)).toThrow(expect.objectContaining({ code: 'input.invalid' }));
  },
);

test('only the last part of a path counts as file name', () => {
  expect(catalogueFileName('../../etc/passwd')).toBe('passwd');
  expect(catalogueFileName('C:\\Users\\me\\photo.jpg')).toBe('photo.jpg');
});

test('a name in decomposed form is the same name as in composed form', () => {
  expect(catalogueFileName('Cafe\u0301.jpg')).toBe('Caf\u00e9.jpg');
  expect(catalogueFolder('Cafe\u0301')).toBe('Caf\u00e9');
});

test('controls and changes of the reading direction are taken out of a name', () => {
  expect(catalogueFileName('a\u0000b\u202Egpj.exe')).toBe('abgpj.exe');
});

test.each(['', '..', '.', 'folder/', '\u0000', 'x'.repeat(501)])('a file name is refused: %j', (name) => {
  expect(() => catalogueFileName(name)).toThrow(expect.objectContaining({ code: 'input.invalid' }));
});

test('every kept place is clean, well formed and fits into an index entry', () => {
  const hostile = fc.string({ unit: 'binary', maxLength: 120 });
  fc.assert(
    fc.property(hostile, hostile, (folder, fileName) => {
      try {
        const place = { folder: catalogueFolder(folder), fileName: catalogueFileName(fileName) };
        expect(Buffer.byteLength(place.folder) + Buffer.byteLength(place.fileName)).toBeLessThanOrEqual(2_500);
        expect(`${place.folder}/${place.fileName}`).not.toMatch(/\0|(^|\/)\.\.(\/|$)/);
        expect(catalogueFolder(place.folder)).toBe(place.folder);
        expect(catalogueFileName(place.fileName)).toBe(place.fileName);
      } catch (error) {
        expect(error).toMatchObject({ code: 'input.invalid' });
      }
    }),
  );
});
