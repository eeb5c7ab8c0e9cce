import type { Size } from './output-size.ts';
import type { SaliencyMap } from './saliency-map.ts';

export interface Window {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Positions that hold nearly as much as the best one; among them the one where the subject is in the middle wins. */
const nearlyBest = 0.97;

/** The largest window of a picture that has the target's proportions, where it holds most of what draws the eye. */
export function placeWindow(map: SaliencyMap, picture: Size, target: Size): Window {
  const scale = Math.min(picture.width / target.width, picture.height / target.height);
  const width = Math.min(picture.width, Math.max(1, Math.round(target.width * scale)));
  const height = Math.min(picture.height, Math.max(1, Math.round(target.height * scale)));
  return {
    left: bestStart(columnSums(map), picture.width, width),
    top: bestStart(rowSums(map), picture.height, height),
    width,
    height,
  };
}

/** Where along an axis of `length` pixels a window of `size` begins; `sums` divide the axis into equal parts. */
function bestStart(sums: Float64Array, length: number, size: number): number {
  const room = length - size;
  if (room <= 0) return 0;
  const before = runningSums(sums);
  const total = before[sums.length]!;
  if (total === 0) return Math.round(room / 2);
  const within = (start: number) =>
    sumUpTo(before, sums, (start + size) / length) - sumUpTo(before, sums, start / length);
  const steps = Math.min(room, sums.length * 4);
  const starts = Array.from({ length: steps + 1 }, (_, step) => Math.round((room * step) / steps));
  const held = starts.map(within);
  const enough = Math.max(...held) * nearlyBest;
  const wanted = centreOf(sums) * length - size / 2;
  let best = Number.POSITIVE_INFINITY;
  for (const [i, start] of starts.entries()) {
    if (held[i]! >= enough && Math.abs(start - wanted) < Math.abs(best - wanted)) best = start;
  }
  return best;
}

function columnSums({ values, width }: SaliencyMap): Float64Array {
  const sums = new Float64Array(width);
  for (let i = 0; i < values.length; i++) sums[i % width] = sums[i % width]! + values[i]!;
  return sums;
}

function rowSums({ values, width, height }: SaliencyMap): Float64Array {
  return Float64Array.from({ length: height }, (_, row) =>
    values.subarray(row * width, (row + 1) * width).reduce((sum, value) => sum + value, 0),
  );
}

function runningSums(sums: Float64Array): Float64Array {
  const before = new Float64Array(sums.length + 1);
  for (let i = 0; i < sums.length; i++) before[i + 1] = before[i]! + sums[i]!;
  return before;
}

/** Sum of what lies before a place between 0 and 1 of the axis. */
function sumUpTo(before: Float64Array, sums: Float64Array, place: number): number {
  const exact = Math.min(sums.length, Math.max(0, place * sums.length));
  const whole = Math.floor(exact);
  return before[whole]! + (sums[whole] ?? 0) * (exact - whole);
}

/** Centre of mass, between 0 and 1. */
function centreOf(sums: Float64Array): number {
  let total = 0;
  let weighed = 0;
  for (let i = 0; i < sums.length; i++) {
    total += sums[i]!;
    weighed += sums[i]! * (i + 0.5);
  }
  return weighed / total / sums.length;
}
