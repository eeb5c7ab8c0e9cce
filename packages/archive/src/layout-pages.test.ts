import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BlobEntry } from './archive-entry.ts';
import type { Segment } from './archive-layout.ts';
import { layoutArchive } from './layout-archive.ts';
import { pagedContent, pageEntries } from './layout-pages.ts';
import { anyFiles, setupBlobs, unreadEntry } from './layout-under-test.ts';
import { sortEntries } from './sort-entries.ts';

function setup(entries: BlobEntry[], pageSize: number) {
  const layout = layoutArchive(entries);
  const pages = [...pageEntries(sortEntries(entries), pageSize)];
  const loaded: number[] = [];
  const content = pagedContent({
    size: layout.closingOffset,
    offsets: pages.map(({ offset }) => offset),
    async load(number) {
      loaded.push(number);
      return pages[number]!.entries;
    },
  });
  return { layout, pages, loaded, content };
}

const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => unreadEntry(`${String(index).padStart(5, '0')}.jpg`, 1_000));

async function collect(segments: Iterable<Segment> | AsyncIterable<Segment>): Promise<Segment[]> {
  return Array.fromAsync(segments);
}

test('from any byte, pages give the same segments as the layout', async () => {
  await fc.assert(
    fc.asyncProperty(anyFiles, fc.integer({ min: 1, max: 9 }), fc.nat(), async (files, pageSize, anyFrom) => {
      const blobs = setupBlobs();
      const entries = files.map(({ path, content, modifiedAt }) => blobs.add(path, content, modifiedAt));
      const { layout, content } = setup(entries, pageSize);
      const from = anyFrom % layout.closingOffset;

      const expected = [...layout.segments(from)].filter(({ start }) => start < layout.closingOffset);
      expect(content.size).toBe(layout.closingOffset);
      expect(await collect(content.segments(from))).toEqual(expected);
      expect(await collect(content.segments(layout.closingOffset))).toEqual([]);
    }),
  );
});

test('pages are numbered from 0, full but for the last, and know where they begin', () => {
  const { layout, pages } = setup(numbered(600), 256);
  expect(pages.map(({ number, entries }) => [number, entries.length])).toEqual([
    [0, 256],
    [1, 256],
    [2, 88],
  ]);
  const starts = Array.from(layout.segments(0), ({ start }) => start);
  expect(pages.map(({ offset }) => offset)).toEqual([starts[0], starts[512], starts[1024]]);
});

test('only the page that holds the byte and the one after it are loaded for the first segments', async () => {
  const { loaded, content, pages } = setup(numbered(1_000), 100);
  const segments = content.segments(pages[6]!.offset + 5);
  for await (const segment of segments) {
    expect(segment.start).toBe(pages[6]!.offset);
    break;
  }
  expect(loaded).toEqual([6, 7]);
});

test('a page that cannot be loaded fails with its own error', async () => {
  const { layout, pages } = setup(numbered(30), 10);
  const content = pagedContent({
    size: layout.closingOffset,
    offsets: pages.map(({ offset }) => offset),
    async load(number) {
      if (number === 1) throw new Error('the database went away');
      return pages[number]!.entries;
    },
  });
  await expect(collect(content.segments(0))).rejects.toThrow('the database went away');
});

test.each([0, 2])('a page with an entry too few fails, be it page %i', async (short) => {
  const { layout, pages } = setup(numbered(30), 10);
  const content = pagedContent({
    size: layout.closingOffset,
    offsets: pages.map(({ offset }) => offset),
    load: async (number) => pages[number]!.entries.slice(number === short ? 1 : 0),
  });
  await expect(collect(content.segments(0))).rejects.toMatchObject({ code: 'internal', detail: { number: short } });
});

test('entries in another order than an archive has them are refused', () => {
  const pages = pageEntries([unreadEntry('b'), unreadEntry('a')]);
  expect(() => [...pages]).toThrow(expect.objectContaining({ code: 'internal' }));
});
