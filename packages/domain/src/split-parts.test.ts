import { expect, test } from 'vitest';
import { isOversized, splitParts } from './split-parts.ts';

const file = (size: number | null, path = 'a.jpg') => ({ path, size });
const megabyte = 1_000_000;
const zip = (partSize: number | null) => ({ partSize, format: 'zip' as const });

test('without a part size everything is one part', () => {
  expect(splitParts([[file(5e12)], [file(1), file(2)]], zip(null))).toEqual({
    parts: [{ number: 1, assets: 2, entries: 3, contentSize: 5e12 + 3 }],
    partOfAsset: [1, 1],
  });
});

test('nothing yields no parts', () => {
  expect(splitParts([], zip(10))).toEqual({ parts: [], partOfAsset: [] });
});

test('the files of an asset are never separated', () => {
  const assets = [[file(6 * megabyte)], [file(3 * megabyte), file(3 * megabyte)], [file(3 * megabyte)]];
  expect(splitParts(assets, zip(10 * megabyte)).partOfAsset).toEqual([1, 2, 2]);
});

test('an asset that is larger than a part has a part of its own', () => {
  const assets = [[file(megabyte)], [file(50 * megabyte)], [file(megabyte)], [file(megabyte)]];
  const { parts, partOfAsset } = splitParts(assets, zip(10 * megabyte));
  expect(partOfAsset).toEqual([1, 2, 3, 3]);
  expect(parts[1]).toEqual({ number: 2, assets: 1, entries: 1, contentSize: 50 * megabyte });
});

test('headers count: empty files fill parts too', () => {
  const assets = Array.from({ length: 1000 }, (_, index) => [file(0, `${index}`.padStart(100, 'x'))]);
  expect(splitParts(assets, zip(100_000)).parts.length).toBeGreaterThanOrEqual(4);
});

test('a tar spends more on each entry than a ZIP', () => {
  const assets = Array.from({ length: 1000 }, () => [file(100)]);
  const parts = (format: 'zip' | 'tar') => splitParts(assets, { partSize: 200_000, format }).parts.length;
  expect(parts('tar')).toBeGreaterThan(parts('zip'));
});

test('what is still to be rendered keeps room in its part, but no content is claimed for it', () => {
  const { parts } = splitParts([[file(null)], [file(null)], [file(null)]], zip(4_500_000));
  expect(parts.map(({ assets, contentSize }) => [assets, contentSize])).toEqual([
    [2, 0],
    [1, 0],
  ]);
});

test('what fits to the byte shares a part, with the headers and the end of the archive counted', () => {
  const header = 200 + 2 * 'a.jpg'.length;
  const exactly = 2 * (1000 + header) + 98;
  const assets = [[file(1000)], [file(1000)]];
  expect(splitParts(assets, zip(exactly)).parts).toHaveLength(1);
  expect(splitParts(assets, zip(exactly - 1)).parts).toHaveLength(2);
});

test('what one asset is too large for is told from what fits', () => {
  expect([isOversized(10, zip(10)), isOversized(11, zip(10)), isOversized(5e12, zip(null))]).toEqual([
    false,
    true,
    false,
  ]);
});
