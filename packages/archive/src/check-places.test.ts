import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkPlaces, checkPlacesBeside, TakenPlaces } from './check-places.ts';
import { comparePaths } from './compare-paths.ts';

const anyPath = fc
  .array(fc.constantFrom('a', 'ab', 'a.b', 'a-', 'ä', '🌾', '\uf8ff', '0'), { minLength: 1, maxLength: 4 })
  .map((segments) => segments.join('/'));
const anyPaths = fc.array(anyPath, { maxLength: 12 });

const inOrder = (paths: readonly string[]) =>
  paths.map((path) => ({ path })).sort((a, b) => comparePaths(a.path, b.path));

/** As it is defined, pair by pair. */
const haveRoom = (paths: readonly string[]) =>
  paths.every((path, index) =>
    paths.every((other, place) => index === place || (path !== other && !other.startsWith(`${path}/`))),
  );

function refuses(check: () => void): boolean {
  try {
    check();
    return false;
  } catch (error) {
    expect(error).toMatchObject({ code: 'input.invalid' });
    return true;
  }
}

test('paths are refused exactly where two are the same or one is needed as a folder, in order and one by one', () => {
  fc.assert(
    fc.property(anyPaths, (paths) => {
      const places = new TakenPlaces();
      expect(refuses(() => checkPlaces(inOrder(paths)))).toBe(!haveRoom(paths));
      expect(
        refuses(() => {
          for (const path of paths) places.take(path);
        }),
      ).toBe(!haveRoom(paths));
    }),
  );
});

test('a few beside many are refused exactly where all of them together would be', () => {
  fc.assert(
    fc.property(anyPaths.filter(haveRoom), anyPaths.filter(haveRoom), (many, few) => {
      const refused = refuses(() => checkPlacesBeside(inOrder(many), inOrder(few)));
      expect(refused).toBe(!haveRoom([...many, ...few]));
    }),
  );
});
