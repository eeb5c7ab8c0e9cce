import { expect, test } from 'vitest';
import { faults } from './faults.ts';
import { describeRun } from './report.ts';
import { runFaults } from './run-faults.ts';

/** Of every run of the tests. `npm run test:faults` takes others, and the figures that are published. */
const seed = 20_261_129;

test('nothing is lost, doubled or half seen under any of the faults, in their short form', {
  timeout: 600_000,
}, async () => {
  const runs = await runFaults({ seed, long: false, faults });

  expect(runs.filter(({ held }) => !held).map(describeRun)).toEqual([]);
  expect(runs).toHaveLength(faults.length);
});
