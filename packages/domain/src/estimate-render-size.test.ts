import { expect, test } from 'vitest';
import { estimateRenderSize } from './estimate-render-size.ts';

test('a file to be made is taken for one and a half bytes a pixel, rounded up', () => {
  expect(estimateRenderSize({ width: 1_000, height: 500 })).toBe(750_000);
  expect(estimateRenderSize({ width: 3, height: 1 })).toBe(5);
});

test('a file of unknown dimensions is never taken for nothing', () => {
  expect(estimateRenderSize({ width: null, height: null })).toBe(1);
  expect(estimateRenderSize({ width: 800, height: null })).toBe(1);
});
