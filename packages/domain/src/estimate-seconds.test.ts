import { expect, test } from 'vitest';
import { estimateSeconds, type Throughput } from './estimate-seconds.ts';

/** One second each, and one more for every 100 bytes. */
const measured: Throughput = {
  runs: [0, 100, 300, 800].map((bytes) => ({ bytes, seconds: 1 + bytes / 100 })),
  inProgress: 2,
  workersAlive: 1,
  isPaused: false,
};

test('one that waits takes what is ahead of it, shared between those in progress, and its own time', () => {
  const place = { state: 'waiting', bytes: 500, ahead: { downloads: 4, bytes: 1_200 } } as const;
  // (4 + 12) / 2 + 1 + 5
  expect(estimateSeconds(place, measured)).toBe(14);
});

test('one whose requester may have only so many at once waits for those of its requester, however many workers are free', () => {
  const place = { state: 'waiting', bytes: 500, ahead: { downloads: 1, bytes: 100 } } as const;
  // 1 + 5, after (3 + 9) / 1 or (1 + 1) / 2
  const own = { downloads: 3, bytes: 900, atOnce: 1 };
  expect(estimateSeconds({ ...place, own }, measured)).toBe(18);
  expect(estimateSeconds({ ...place, own: { ...own, atOnce: 100 } }, measured)).toBe(7);
  expect(estimateSeconds({ ...place, own: null }, measured)).toBe(7);
});

test('one that has begun has the rest of the time that its size takes', () => {
  expect(estimateSeconds({ state: 'begun', bytes: 500, seconds: 2 }, measured)).toBe(4);
});

test('one that is packed goes on at its own rate, whatever others took', () => {
  const place = { state: 'packing', bytes: 1_000, bytesDone: 250, stepSeconds: 10, seconds: 60 } as const;
  expect(estimateSeconds(place, { ...measured, runs: [] })).toBe(30);
});

test('nothing is promised for one that takes longer than others did', () => {
  expect(estimateSeconds({ state: 'begun', bytes: 500, seconds: 7 }, measured)).toBeNull();
});

test('nothing is promised without a worker, while nothing may begin, or before there is anything to measure by', () => {
  const place = { state: 'waiting', bytes: 500, ahead: { downloads: 0, bytes: 0 } } as const;
  expect(estimateSeconds(place, { ...measured, workersAlive: 0 })).toBeNull();
  expect(estimateSeconds(place, { ...measured, runs: measured.runs.slice(0, 2) })).toBeNull();
  expect(estimateSeconds(place, { ...measured, isPaused: true })).toBeNull();
});

test('runs in which more bytes took less time are taken for runs of one length', () => {
  const runs = [
    { bytes: 100, seconds: 6 },
    { bytes: 200, seconds: 5 },
    { bytes: 300, seconds: 4 },
  ];
  expect(estimateSeconds({ state: 'begun', bytes: 9_000, seconds: 0 }, { ...measured, runs })).toBe(5);
});

test('an estimate never falls below nothing, however small the download', () => {
  const runs = [
    { bytes: 1_000, seconds: 1 },
    { bytes: 2_000, seconds: 3 },
    { bytes: 3_000, seconds: 5 },
  ];
  expect(estimateSeconds({ state: 'begun', bytes: 10, seconds: 0 }, { ...measured, runs })).toBe(1);
});
