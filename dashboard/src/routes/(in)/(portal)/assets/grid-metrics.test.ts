import { expect, test } from 'vitest';
import { gridMetrics } from './grid-metrics.ts';

test.each([
  [0, 2],
  [328, 2],
  [700, 3],
  [1_200, 6],
])('%i pixels have room for %i columns', (width, columns) => {
  expect(gridMetrics(width).columns).toBe(columns);
});
