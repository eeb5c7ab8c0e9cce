import type { BlobEntry } from '@sheaf/archive/archive-entry';
import type { SparseContent } from './sparse-content.ts';

const max32 = 0xffffffff;
const GiB4 = 4 * 1024 ** 3;

export interface ArchiveCase {
  name: string;
  /** Whether it may be unpacked: neither too large nor too many files. */
  unpack: boolean;
  entries(content: SparseContent): BlobEntry[];
}

const counted = (count: number): ArchiveCase => ({
  name: `${count} entries`,
  unpack: count < 100,
  entries: (content) =>
    Array.from({ length: count }, (_, index) => {
      const number = String(index).padStart(6, '0');
      return content.entry(`${number.slice(0, 3)}/${number}.txt`, index % 100);
    }),
});

const named: Record<string, string[]> = {
  // bsdtar unpacks both forms as NFC, so no two of them are the same name in two forms.
  'names in NFC and NFD': [
    'café.jpg'.normalize('NFC'),
    'crème.jpg'.normalize('NFD'),
    'Å'.normalize('NFD'),
    'ガ'.normalize('NFD'),
  ],
  'names in Arabic, Hebrew and Japanese': ['صورة/شعار الشركة.png', 'תמונה.jpg', '写真/東京タワー.jpg', 'ﷺ.txt'],
  'names with emoji': ['🌾.jpg', '👩‍👩‍👧‍👦/🏳️‍🌈.png', 'a🌾b.txt', '\uf8ff apple.txt'],
  'names of 255 bytes': [`${'n'.repeat(251)}.jpg`, `${'写'.repeat(83)}.jpgx!`, `${'é'.repeat(125)}a.jpg`],
  'deep folders': [`${'folder/'.repeat(60)}file.jpg`, `${'f/'.repeat(300)}file.jpg`, `${'übung/'.repeat(100)}ä.jpg`],
  'odd names': [
    "quote's.jpg",
    'two  blanks.jpg',
    '-rf',
    '@list',
    '#1 & 100%.jpg',
    'a,b;c=d.jpg',
    '.hidden',
    '..two',
    '~',
  ],
};

const times: [string, string][] = [
  ['before-1901', '1890-05-05T10:00:00Z'],
  ['before-1970', '1969-07-20T20:17:40Z'],
  ['before-1980', '1975-01-02T03:04:05Z'],
  ['first-dos-second', '1980-01-01T00:00:00Z'],
  ['winter-to-summer-before', '2026-03-29T00:59:59Z'],
  ['winter-to-summer-after', '2026-03-29T01:00:00Z'],
  ['summer-to-winter-first', '2026-10-25T00:30:00Z'],
  ['summer-to-winter-second', '2026-10-25T01:30:00Z'],
  ['last-signed-second', '2038-01-19T03:14:07Z'],
  ['after-2038', '2040-06-01T12:00:00Z'],
  ['after-2107', '2150-06-01T12:00:00Z'],
  // Without the extended timestamp, this entry has no extra field at all.
  ['später-写真-🌾', '2040-06-01T12:00:00Z'],
];

/** What the archives of the engine must be read from by every program. */
export const matrix: ArchiveCase[] = [
  ...[1, 65_534, 65_535, 65_536, 70_000].map(counted),
  {
    name: 'empty files',
    unpack: true,
    entries: (content) => ['a', 'b/c', 'b/ö', 'z'].map((path) => content.entry(path, 0)),
  },
  ...Object.entries(named).map(([name, paths]) => ({
    name,
    unpack: true,
    entries: (content: SparseContent) => paths.map((path) => content.entry(path, 5_000)),
  })),
  {
    name: 'times',
    unpack: true,
    entries: (content) => times.map(([path, time]) => content.entry(path, 100, new Date(time))),
  },
  {
    name: 'just below 4 GiB in all, which needs no ZIP64',
    unpack: false,
    // The last entry and the directory each begin where 32 bits can just say it.
    entries: (content) => [content.entry('a', max32 - 1 - 2 * 40 - 100), content.entry('b', 100)],
  },
  {
    name: 'offsets just below, at and above 4 GiB',
    unpack: false,
    entries: (content) => [
      content.entry('a', max32 - 1 - 40),
      ...['b', 'c', 'd', 'e'].map((path) => content.entry(path, path === 'b' ? 0 : 1_000)),
    ],
  },
  {
    name: 'entries just below, at and above 4 GiB, more than 10 GiB in all',
    unpack: false,
    entries: (content) => [
      content.entry('above', GiB4 + 1),
      content.entry('below', max32 - 1),
      content.entry('plain', 1_000),
      // Last, because of unzip: see the README of packages/archive.
      content.entry('the-mark', max32),
    ],
  },
];
