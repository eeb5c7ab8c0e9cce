import { expect, test } from 'vitest';
import { dataDescriptor, directoryEnd, directoryEntry, type ZipRecord } from './zip-records.ts';

const large: ZipRecord = {
  path: 'film.mov',
  modifiedAt: new Date('2026-01-02T03:04:06Z'),
  size: 5_000_000_000,
  compressedSize: 5_000_000_000,
  crc32: 1,
  deflated: false,
  described: true,
  offset: 6_000_000_000,
};

test('sizes beyond four gigabytes take eight bytes, in the descriptor and beside the directory’s entry', () => {
  const descriptor = dataDescriptor(large);
  expect([descriptor.readBigUInt64LE(8), descriptor.readBigUInt64LE(16)]).toEqual([5_000_000_000n, 5_000_000_000n]);
  const extra = directoryEntry(large).subarray(46 + large.path.length);
  expect([0, 8, 16].map((at) => extra.readBigUInt64LE(4 + at))).toEqual([
    5_000_000_000n,
    5_000_000_000n,
    6_000_000_000n,
  ]);
});

test('more than 65,535 files, or a directory beyond four gigabytes, have the larger end', () => {
  expect(directoryEnd({ entries: 65_535, offset: 1, size: 1 })).toHaveLength(22);
  expect(directoryEnd({ entries: 65_536, offset: 1, size: 1 })).toHaveLength(98);
  expect(directoryEnd({ entries: 1, offset: 5_000_000_000, size: 1 })).toHaveLength(98);
});
