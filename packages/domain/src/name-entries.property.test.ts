import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layouts } from './download-request.ts';
import { nameEntries } from './name-entries.ts';
import { safeName } from './safe-name.ts';
import { hostilePieces } from './testing/hostile-names.ts';

const hostileNames = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.array(fc.constantFrom(...hostilePieces), { maxLength: 4 }).map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme-composite', maxLength: 100 }) },
);

const assets = fc.array(
  fc.record({
    asset: fc.record({
      title: hostileNames,
      folder: fc.array(hostileNames, { maxLength: 6 }).map((components) => components.join('/')),
    }),
    renditions: fc.array(
      fc.record({ kind: fc.constantFrom<'original' | 'static'>('original', 'static'), fileName: hostileNames }),
      { minLength: 1, maxLength: 4 },
    ),
  }),
  { maxLength: 12 },
);

/** How different systems compare names, each in its own way. */
const comparisons: Record<string, (name: string) => string> = {
  'case upwards': (name) => name.normalize('NFC').toUpperCase(),
  'case downwards': (name) => name.normalize('NFC').toLowerCase(),
  'decomposed, case folded': (name) => name.normalize('NFD').toLowerCase().toUpperCase().normalize('NFD'),
  'compatibility forms': (name) => name.normalize('NFKC'),
};

/** Why Windows, macOS or Linux would refuse or misread one component; null when none does. Written apart from `safeName`. */
function fault(component: string): string | null {
  if (component === '' || component === '.' || component === '..') return 'no name';
  if (/\p{Cc}/u.test(component)) return 'control character';
  if (/[<>:"/\\|?*]/.test(component)) return 'character that Windows refuses';
  if (/[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/.test(component)) return 'bidirectional control';
  if (/\u200b|\u200c|\u200d|\u2060|\ufeff/.test(component)) return 'zero-width character';
  if (/[. ]$/.test(component)) return 'dot or space at the end';
  if (!component.isWellFormed()) return 'lone surrogate';
  if (component !== component.normalize('NFC')) return 'not NFC';
  if (Buffer.byteLength(component) > 255 || component.length > 255) return 'too long';
  const base = component.split('.')[0]!.trim().toUpperCase();
  if (/^(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[\d\u00b9\u00b2\u00b3])$/.test(base)) return 'device name';
  return null;
}

describe('for any names, titles and folders, in every layout', () => {
  const anyPlan = fc.tuple(assets, fc.constantFrom(...layouts));

  test('paths are relative, within limits, and every component of them is safe', () => {
    fc.assert(
      fc.property(anyPlan, ([given, layout]) => {
        for (const path of nameEntries(given, layout).flatMap(({ paths }) => paths)) {
          expect(path.length).toBeLessThanOrEqual(200);
          for (const component of path.split('/')) expect([component, fault(component)]).toEqual([component, null]);
        }
      }),
      { numRuns: 700 },
    );
  });

  test('no two files are one file anywhere, no file is a folder, and our own names stay free', () => {
    fc.assert(
      fc.property(anyPlan, ([given, layout]) => {
        const paths = nameEntries(given, layout).flatMap((asset) => asset.paths);
        const folders = new Set(
          paths.flatMap((path) =>
            path
              .split('/')
              .slice(0, -1)
              .map((_, depth, all) => all.slice(0, depth + 1).join('/')),
          ),
        );
        for (const compare of Object.values(comparisons)) {
          const all = [...paths, ...folders].map((path) => path.split('/').map(compare));
          expect(new Set(all.map((components) => components.join('\0'))).size).toBe(all.length);
          const roots = new Set(all.map(([root]) => root));
          for (const own of ['manifest.json', 'receipt.json', 'signature.json', 'licences'])
            expect(roots.has(compare(own))).toBe(false);
        }
      }),
      { numRuns: 700 },
    );
  });

  test('a changed path is reported, and only a changed one', () => {
    fc.assert(
      fc.property(assets, (given) => {
        for (const [index, { paths, renamed }] of nameEntries(given, 'flat').entries()) {
          expect(renamed).toBe(given[index]!.renditions.some(({ fileName }, file) => fileName !== paths[file]));
        }
      }),
      { numRuns: 200 },
    );
  });

  test('assets that come later never change the names of earlier ones in a flat layout', () => {
    fc.assert(
      fc.property(assets, fc.nat(12), (given, count) => {
        const some = nameEntries(given.slice(0, count), 'flat');
        expect(nameEntries(given, 'flat').slice(0, count)).toEqual(some);
      }),
      { numRuns: 200 },
    );
  });

  test('a safe name is safe already', () => {
    fc.assert(
      fc.property(hostileNames, fc.constantFrom<'file' | 'folder'>('file', 'folder'), (name, kind) => {
        expect(safeName(safeName(name, kind), kind)).toBe(safeName(name, kind));
      }),
      { numRuns: 2000 },
    );
  });
});
