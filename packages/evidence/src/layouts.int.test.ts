import { createHash } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import type { ArchiveEntry } from '@sheaf/archive/archive-entry';
import { layoutArchive } from '@sheaf/archive/layout-archive';
import { writeWithArchiver } from '@sheaf/archive/write-with-archiver';
import { expect, test } from 'vitest';

const content = Buffer.from('boat');
const own: ArchiveEntry = {
  path: 'manifest.json',
  modifiedAt: new Date('2026-11-01T12:00:00.123Z'),
  bytes: Buffer.from('{}'),
};

function blobEntry(path: string, modifiedAt: string, size = content.length): ArchiveEntry {
  return { path, modifiedAt: new Date(modifiedAt), blob: { sha256: 'ab'.repeat(32), size, crc32: crc32(content) } };
}

const entries = [
  blobEntry('größe/b.jpg', '2026-01-02T03:04:07.999Z'),
  blobEntry('a.jpg', '1969-12-31T23:59:58.500Z'),
  blobEntry('c/d.txt', '2038-01-19T03:14:08.000Z'),
  blobEntry('e.mov', '2108-02-03T04:05:06.000Z'),
];

// Archives of every version must stay verifiable. What changes one of these hashes is a new layout, with a new number.
test.each([
  ['zip', '09a2a6222deebad19dac520448d0929ea9a45d604f7437968cb5d16de5621517'],
  ['tar', '88378b7abd71e8e8fd5ad5665e743d9ffe9c5c1b3b316b747649b89b0b468ce5'],
] as const)('a %s of layout 1 has the bytes that it always had', async (format, sha256) => {
  const written = await writeWithArchiver({
    entries: Readable.from([...entries, own]),
    open: async () => Readable.from([content], { objectMode: false }),
    sink: new PassThrough().resume(),
    format,
    compression: 'store',
    signal: new AbortController().signal,
  });
  expect(written.sha256).toBe(sha256);
});

test.each([
  ['small files', [], '368b5b7f1c314d52c2a7baa83b16b9ab97b78793011b529d3926fc7c987b46ae'],
  [
    'ZIP64',
    [
      blobEntry('f.mov', '2026-01-02T03:04:07.000Z', 0xfffffffe),
      blobEntry('g.mov', '2026-01-02T03:04:07.000Z', 0xffffffff),
      blobEntry('z.mov', '2026-01-02T03:04:07.000Z', 5_000_000_000),
    ],
    '8322198ee4c908763d854f00824b0e5f7dec0eeebcac32c095f859a37aeac875',
  ],
])('what layout 2 writes beside the content, of %s, are the bytes that it always wrote', (_what, more, sha256) => {
  const hash = createHash('sha256');
  for (const segment of layoutArchive([...entries, ...more], { closing: [own] }).segments(0)) {
    if ('bytes' in segment) hash.update(segment.bytes);
  }
  expect(hash.digest('hex')).toBe(sha256);
});
