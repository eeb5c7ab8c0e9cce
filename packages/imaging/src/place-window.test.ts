import { expect, test } from 'vitest';
import { placeWindow } from './place-window.ts';
import type { SaliencyMap } from './saliency-map.ts';

/** A map of 10 by 10 where only the pixels given as [column, row] count. */
function mapWith(...pixels: [number, number][]): SaliencyMap {
  const values = new Float64Array(100);
  for (const [column, row] of pixels) values[row * 10 + column] = 1;
  return { values, width: 10, height: 10 };
}

const picture = { width: 1_000, height: 1_000 };

test('the window is the largest one with the proportions asked for', () => {
  expect(placeWindow(mapWith([5, 5]), picture, { width: 400, height: 100 })).toMatchObject({
    width: 1_000,
    height: 250,
  });
});

test('the subject is in the middle of the window', () => {
  const { top, height } = placeWindow(mapWith([5, 6]), picture, { width: 400, height: 100 });
  expect(top + height / 2).toBe(650);
});

test('at the edge the window ends with the picture', () => {
  expect(placeWindow(mapWith([0, 5]), picture, { width: 100, height: 200 })).toMatchObject({ left: 0, top: 0 });
  expect(placeWindow(mapWith([9, 5]), picture, { width: 100, height: 200 })).toMatchObject({ left: 500, top: 0 });
});

test('of two subjects that do not fit, the larger one is shown', () => {
  const { top, height } = placeWindow(mapWith([1, 1], [7, 8], [8, 8]), picture, { width: 400, height: 100 });
  expect(top).toBeLessThanOrEqual(800);
  expect(top + height).toBeGreaterThanOrEqual(900);
});

test('where nothing draws the eye, the middle is shown', () => {
  expect(placeWindow(mapWith(), picture, { width: 100, height: 200 })).toMatchObject({ left: 250, top: 0 });
});

test('a target with the picture’s proportions takes the whole of it', () => {
  expect(placeWindow(mapWith([1, 1]), picture, { width: 7, height: 7 })).toEqual({
    left: 0,
    top: 0,
    width: 1_000,
    height: 1_000,
  });
});
