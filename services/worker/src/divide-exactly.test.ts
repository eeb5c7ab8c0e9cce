import { layoutArchive } from '@sheaf/archive/layout-archive';
import type { DownloadDecision } from '@sheaf/domain/download-decision';
import type { Outcome, PlannedEntry } from '@sheaf/domain/outcome';
import { expect, test } from 'vitest';
import { divideExactly } from './divide-exactly.ts';

const sha256 = 'a'.repeat(64);
const modifiedAt = new Date('2026-01-02T03:04:06Z');

function outcome(assetId: string, sizes: (number | null)[]): Outcome {
  const entries = sizes.map((size, index) => ({ path: `${assetId}-${index}.jpg`, modifiedAt, size, sha256, crc32: 1 }));
  const shared = { assetId, title: assetId, reason: null, renamed: false, part: 1 };
  return { ...shared, outcome: 'included', entries: entries as PlannedEntry[] };
}

const refused: Outcome = { ...outcome('refused', []), outcome: 'excluded', reason: 'asset.not_found', part: null };

function decisionOf(outcomes: Outcome[]): DownloadDecision {
  return { outcomes, parts: [] } as unknown as DownloadDecision;
}

/** Bytes of the archive of these outcomes. */
function sizeOf(outcomes: Outcome[]): number {
  return layoutArchive(
    outcomes.flatMap(({ entries }) =>
      entries.map(({ path, size }) => ({ path, modifiedAt, blob: { sha256, size: size!, crc32: 1 } })),
    ),
  ).size;
}

test('a part is filled to its last byte, and one byte less divides it', () => {
  const assets = [outcome('a', [1_000, 2_000]), outcome('b', [500])];
  const decision = decisionOf([assets[0]!, refused, assets[1]!]);
  const exact = sizeOf(assets);

  const whole = divideExactly(decision, exact)!;
  const divided = divideExactly(decision, exact - 1)!;

  expect(whole.outcomes.map(({ part }) => part)).toEqual([1, null, 1]);
  expect(whole.parts).toEqual([{ number: 1, assets: 2, entries: 3, contentSize: 3_500 }]);
  expect(divided.outcomes.map(({ part }) => part)).toEqual([1, null, 2]);
  expect(divided.parts).toEqual([
    { number: 1, assets: 1, entries: 2, contentSize: 3_000 },
    { number: 2, assets: 1, entries: 1, contentSize: 500 },
  ]);
});

test('an asset that is larger than a part gets one of its own', () => {
  const decision = decisionOf([outcome('a', [10]), outcome('b', [9_000, 9_000]), outcome('c', [10])]);

  const { outcomes } = divideExactly(decision, 5_000)!;

  expect(outcomes.map(({ part }) => part)).toEqual([1, 2, 3]);
});

test('says nothing where a file is still to be rendered', () => {
  expect(divideExactly(decisionOf([outcome('a', [10, null])]), 5_000)).toBeNull();
});
