import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layoutArchive } from './layout-archive.ts';
import { unreadEntry } from './layout-under-test.ts';
import { splitParts } from './split-parts.ts';

const GiB = 1024 ** 3;
const anySize = fc.oneof(
  fc.nat(2_000),
  fc.integer({ min: 1, max: 3 * GiB }),
  fc.integer({ min: 4 * GiB, max: 6 * GiB }),
);
const anyGroups = fc
  .array(fc.array(anySize, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 20 })
  .map((groups) => groups.map((sizes, group) => sizes.map((size, index) => unreadEntry(`${group}/ö${index}`, size))));
const anyPartSize = fc.oneof(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 12 * GiB }));

/** As a manifest would: longer with every group. */
const closing = (groups: readonly number[]) => [
  { path: 'manifest.json', modifiedAt: new Date(0), size: 50 + 10 * groups.length },
];

test('every part has exactly the size of its archive, and no more than asked for unless a single group has', () => {
  fc.assert(
    fc.property(anyGroups, anyPartSize, (groups, partSize) => {
      const { parts, oversized } = splitParts(groups, partSize, { closing });
      for (const part of parts) {
        const entries = part.groups.flatMap((group) => groups[group]!);
        const own = closing(part.groups).map(({ path, size }) => unreadEntry(path, size));
        expect(part.size).toBe(layoutArchive(entries, { closing: own }).size);
        if (part.size > partSize) expect(part.groups).toHaveLength(1);
      }
      const tooLarge = parts.filter(({ size }) => size > partSize);
      expect(oversized).toEqual(tooLarge.flatMap((part) => part.groups));
    }),
  );
});

test('every group is in one part, in the order given', () => {
  fc.assert(
    fc.property(anyGroups, anyPartSize, (groups, partSize) => {
      expect(splitParts(groups, partSize).parts.flatMap((part) => part.groups)).toEqual([...groups.keys()]);
    }),
  );
});

test('a part is as full as it can be: the next group would make it too large', () => {
  fc.assert(
    fc.property(anyGroups, anyPartSize, (groups, partSize) => {
      const { parts } = splitParts(groups, partSize);
      for (const [index, part] of parts.slice(0, -1).entries()) {
        const tried = [...part.groups, parts[index + 1]!.groups[0]!].flatMap((group) => groups[group]!);
        expect(layoutArchive(tried).size + 12 * tried.length).toBeGreaterThan(partSize);
      }
    }),
  );
});

test('a part may have exactly the size asked for, and not a byte more', () => {
  const groups = [[unreadEntry('a', 100)], [unreadEntry('b', 100)]];
  const { size } = layoutArchive(groups.flat());
  expect(splitParts(groups, size)).toEqual({ parts: [{ groups: [0, 1], size }], oversized: [] });
  expect(splitParts(groups, size - 1).parts.map((part) => part.groups)).toEqual([[0], [1]]);
});

test('one part of 65,535 files has the size of its archive', () => {
  const groups = Array.from({ length: 65_535 }, (_, index) => [unreadEntry(`${index}.txt`)]);
  const { size } = layoutArchive(groups.flat());
  expect(splitParts(groups, size)).toEqual({ parts: [{ groups: [...groups.keys()], size }], oversized: [] });
  expect(splitParts(groups, size - 1).parts).toHaveLength(2);
});

test('a group that is larger than a part gets one of its own and is reported', () => {
  const groups = [[unreadEntry('a', 10)], [unreadEntry('b', 9_000), unreadEntry('c', 10)], [unreadEntry('d', 10)]];
  const { parts, oversized } = splitParts(groups, 1_000);
  expect(parts.map((part) => part.groups)).toEqual([[0], [1], [2]]);
  expect(oversized).toEqual([1]);
});

test('no groups are no parts, and groups without entries make none', () => {
  expect(splitParts([], 1_000)).toEqual({ parts: [], oversized: [] });
  expect(splitParts([[], []], 1_000)).toEqual({ parts: [], oversized: [] });
});
