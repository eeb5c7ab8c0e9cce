import { describe, expect, test } from 'vitest';
import type { Layout } from './download-request.ts';
import { nameEntries } from './name-entries.ts';

/** Assets given as `[title, folder, ...file names]`. */
function name(layout: Layout, ...assets: [title: string, folder: string, ...files: string[]][]) {
  return nameEntries(
    assets.map(([title, folder, ...files]) => ({
      asset: { title, folder },
      renditions: files.map((fileName, index) => ({ kind: index === 0 ? 'original' : 'static', fileName }) as const),
    })),
    layout,
  );
}
const paths = (...args: Parameters<typeof name>) => name(...args).flatMap((asset) => asset.paths);

describe('rule 11: layouts', () => {
  test('rule 11: flat puts every file at the root', () => {
    expect(paths('flat', ['Boats', 'japan/ports', 'boats.jpg', 'boats-web.jpg'])).toEqual([
      'boats.jpg',
      'boats-web.jpg',
    ]);
  });

  test('rule 11: a folder per asset is named by its title, and each asset has its own', () => {
    expect(paths('folder-per-asset', ['Boats', '', 'a.jpg'], ['boats', '', 'a.jpg'], ['Boats', '', 'b.jpg'])).toEqual([
      'Boats/a.jpg',
      'boats (2)/a.jpg',
      'Boats (3)/b.jpg',
    ]);
  });

  test('rule 11: an asset without a title has a folder named like its original', () => {
    expect(name('folder-per-asset', [' ', '', 'boats.final.jpg', 'boats-web.jpg'])).toEqual([
      { paths: ['boats.final/boats.final.jpg', 'boats.final/boats-web.jpg'], renamed: false },
    ]);
  });

  test("rule 11: catalogue keeps the catalogue's folders, shared by their assets", () => {
    expect(name('catalogue', ['A', 'japan/ports', 'a.jpg'], ['B', 'japan/ports', 'b.jpg'], ['C', '', 'c.jpg'])).toEqual(
      [
        { paths: ['japan/ports/a.jpg'], renamed: false },
        { paths: ['japan/ports/b.jpg'], renamed: false },
        { paths: ['c.jpg'], renamed: false },
      ],
    );
  });
});

describe('names are unique where case and normalisation are ignored', () => {
  test('later ones get a number before their extension, and are reported', () => {
    expect(name('flat', ['', '', 'a.jpg'], ['', '', 'A.JPG'], ['', '', 'a.jpg'], ['', '', 'b.jpg'])).toEqual([
      { paths: ['a.jpg'], renamed: false },
      { paths: ['A (2).JPG'], renamed: true },
      { paths: ['a (3).jpg'], renamed: true },
      { paths: ['b.jpg'], renamed: false },
    ]);
  });

  test('a number that somebody else has is passed over', () => {
    expect(paths('flat', ['', '', 'a (2).jpg'], ['', '', 'a.jpg'], ['', '', 'a.jpg'])).toEqual([
      'a (2).jpg',
      'a.jpg',
      'a (3).jpg',
    ]);
  });

  test('names that only sanitising makes equal are told apart', () => {
    expect(paths('flat', ['', '', 'a:b.jpg'], ['', '', 'a?b.jpg'])).toEqual(['a_b.jpg', 'a_b (2).jpg']);
  });

  test('catalogue folders that differ by case stay apart, the same for all their assets', () => {
    expect(paths('catalogue', ['', 'Ports', 'a.jpg'], ['', 'ports', 'a.jpg'], ['', 'ports', 'b.jpg'])).toEqual([
      'Ports/a.jpg',
      'ports (2)/a.jpg',
      'ports (2)/b.jpg',
    ]);
  });

  test('a file gives way to a folder of its name, also one that comes later', () => {
    expect(paths('catalogue', ['', '', 'Ports'], ['', 'ports', 'a.jpg'])).toEqual(['Ports (2)', 'ports/a.jpg']);
  });

  test('25,000 files of one name take no quadratic time', () => {
    const files = Array.from({ length: 25_000 }, (): [string, string, string] => ['', '', 'image.jpg']);
    const started = performance.now();
    const all = paths('flat', ...files);
    expect(performance.now() - started).toBeLessThan(2000);
    expect(all.at(-1)).toBe('image (25000).jpg');
  });
});

describe('paths stay inside and within limits', () => {
  test('names of our own files at the root are kept free, and only there', () => {
    expect(paths('flat', ['', '', 'Manifest.json', 'receipt.json', 'licences'])).toEqual([
      'Manifest (2).json',
      'receipt (2).json',
      'licences (2)',
    ]);
    expect(paths('catalogue', ['', 'LICENCES/x', 'manifest.json'])).toEqual(['LICENCES (2)/x/manifest.json']);
  });

  test('folders cannot climb out', () => {
    expect(name('catalogue', ['', '../..//./C:\\x', '..'])).toEqual([{ paths: ['_/_/_/C__x/_'], renamed: true }]);
    expect(paths('folder-per-asset', ['../../etc', '', '/passwd'])).toEqual(['__etc/_passwd']);
  });

  test('a path has at most 200 units: long folders are cut, and too deep ones end in the folder above', () => {
    const deep = Array.from({ length: 30 }, (_, index) => `level ${index}`).join('/');
    const [path] = paths('catalogue', ['', deep, `${'a'.repeat(300)}.jpg`]);
    expect(path).toHaveLength(200);
    expect(path).toMatch(/^level 0\/level 1\/.*a\.jpg$/);
    const [titled] = paths('folder-per-asset', ['t'.repeat(300), '', `${'a'.repeat(300)}.jpg`]);
    expect(titled).toBe(`${'t'.repeat(120)}/${'a'.repeat(75)}.jpg`);
  });

  test('assets of folders that are cut to the same name stay apart', () => {
    const long = 'x'.repeat(150);
    const [a, b] = paths('catalogue', ['', `${long}1`, 'a.jpg'], ['', `${long}2`, 'a.jpg']);
    expect(a).toBe(`${'x'.repeat(120)}/a.jpg`);
    expect(b).toBe(`${'x'.repeat(116)} (2)/a.jpg`);
  });
});
