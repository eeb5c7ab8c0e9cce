import { expect, test } from 'vitest';
import type { ArchiveEntry } from './archive-entry.ts';
import { layoutArchive } from './layout-archive.ts';
import { unreadEntry } from './layout-under-test.ts';

test('no entries at all are download.empty', () => {
  expect(() => layoutArchive([])).toThrow(expect.objectContaining({ code: 'download.empty' }));
});

test('an archive may hold closing entries alone', () => {
  const layout = layoutArchive([], {
    closing: [{ path: 'terms.pdf', modifiedAt: new Date(0), bytes: Buffer.alloc(1) }],
  });
  expect(layout).toMatchObject({ entries: 1, closingOffset: 0 });
});

const unsafePaths = [
  '',
  '..',
  '../outside.txt',
  'folder/../../outside.txt',
  '/etc/passwd',
  '//server/share',
  'C:/windows.txt',
  'C:windows.txt',
  'folder\\file.txt',
  '..\\outside.txt',
  './file.txt',
  'folder//file.txt',
  'folder/',
  'nul\0.txt',
  'half-a-\ud83c-character.txt',
  'n'.repeat(65_536),
];

test.each(unsafePaths)('an entry is refused for its path %j', (path) => {
  const refused = expect.objectContaining({ code: 'input.invalid', detail: { path } });
  expect(() => layoutArchive([unreadEntry('fine.txt'), unreadEntry(path)])).toThrow(refused);
  expect(() => layoutArchive([unreadEntry('fine.txt')], { closing: [unreadEntry(path)] })).toThrow(refused);
});

const repeated: { entries: ArchiveEntry[]; closing: ArchiveEntry[] }[] = [
  { entries: [unreadEntry('a'), unreadEntry('b'), unreadEntry('a')], closing: [] },
  { entries: [unreadEntry('a')], closing: [unreadEntry('a')] },
  { entries: [unreadEntry('b')], closing: [unreadEntry('a'), unreadEntry('a')] },
];

test.each(repeated)('a repeated path is refused: %j', (given) => {
  expect(() => layoutArchive(given.entries, given)).toThrow(
    expect.objectContaining({ code: 'input.invalid', detail: { path: 'a' } }),
  );
});

const filesAsFolders: { entries: string[]; closing: string[]; path: string }[] = [
  { entries: ['a', 'a/b'], closing: [], path: 'a' },
  { entries: ['x/a/b/c', 'x/a', 'x/a.txt'], closing: [], path: 'x/a' },
  { entries: ['a', 'a-b', 'a-b/c', 'a.txt'], closing: [], path: 'a-b' },
  { entries: ['licences', 'z'], closing: ['licences/terms.pdf'], path: 'licences' },
  { entries: ['manifest.json/a', 'z'], closing: ['manifest.json'], path: 'manifest.json' },
  { entries: ['z'], closing: ['a/b', 'a'], path: 'a' },
];

test.each(filesAsFolders)('a file where another needs a folder is refused: %j', ({ entries, closing, path }) => {
  const unread = (paths: string[]) => paths.map((each) => unreadEntry(each));
  expect(() => layoutArchive(unread(entries), { closing: unread(closing) })).toThrow(
    expect.objectContaining({ code: 'input.invalid', detail: { path } }),
  );
});

test('paths that merely begin alike are accepted', () => {
  const paths = [
    'a',
    'a b',
    'a-b/c',
    'a.txt',
    'a0/a',
    'aa',
    'b/a',
    'b/a.txt',
    'b.txt',
    'manifest',
    'manifest.json.txt',
  ];
  const layout = layoutArchive(
    paths.map((path) => unreadEntry(path)),
    { closing: [unreadEntry('manifest.json'), unreadEntry('a-b/d'), unreadEntry('a.tx')] },
  );
  expect(layout.entries).toBe(paths.length + 3);
});

test.each([
  { size: -1, crc32: 0 },
  { size: 0.5, crc32: 0 },
  { size: Number.NaN, crc32: 0 },
  { size: 2 ** 53, crc32: 0 },
  { size: 1, crc32: -1 },
  { size: 1, crc32: 2 ** 32 },
  { size: 1, crc32: 0.5 },
])('an entry is refused for its recorded $size bytes and CRC-32 $crc32', (recorded) => {
  const entry = { path: 'a', modifiedAt: new Date(0), blob: { sha256: '0'.repeat(64), ...recorded } };
  expect(() => layoutArchive([entry])).toThrow(expect.objectContaining({ code: 'input.invalid' }));
});

test('an entry is refused for a time that is none', () => {
  expect(() => layoutArchive([unreadEntry('a', 0, new Date(Number.NaN))])).toThrow(
    expect.objectContaining({ code: 'input.invalid' }),
  );
});

test('entries that would make an archive of more bytes than a number can say are refused', () => {
  const entries = [unreadEntry('a', 2 ** 52), unreadEntry('b', 2 ** 52)];
  expect(() => layoutArchive(entries)).toThrow(expect.objectContaining({ code: 'input.invalid' }));
});

test('what lies before the closing entries depends on the other entries alone', () => {
  const entries = [unreadEntry('b', 5), unreadEntry('a', 7)];
  const plain = layoutArchive(entries);
  const closed = layoutArchive(entries, {
    closing: [{ path: '0.txt', modifiedAt: new Date(0), bytes: Buffer.from('first by name, last by place') }],
  });

  const content = (layout: typeof plain) => [...layout.segments(0)].filter(({ start }) => start < layout.closingOffset);
  expect(closed.closingOffset).toBe(plain.closingOffset);
  expect(content(closed)).toEqual(content(plain));
});

test('a large file of our own is not copied', () => {
  const bytes = Buffer.alloc(1_000_000);
  const layout = layoutArchive([{ path: 'manifest.json', modifiedAt: new Date(0), bytes }]);
  expect(Array.from(layout.segments(0), (segment) => 'bytes' in segment && segment.bytes === bytes)).toContain(true);
});
