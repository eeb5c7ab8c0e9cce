import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faults } from './faults.ts';
import { faultsOn, openStageFor, queues, runFault } from './run-faults.ts';
import type { Stage } from './stage.ts';

/** Of every run of the tests. `npm run test:faults` takes others, and the figures that are published. */
const options = { seed: 20_261_129, long: false, faults };

/** Some 5 to 15 s each on a machine of its own. */
const timeout = 240_000;

describe.each(queues)('with the queue in %s, nothing is lost, doubled or half seen under', (queue) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStageFor(queue, options);
  });
  afterAll(() => stage.close());

  test.each(faultsOn(queue, options).map((fault) => ({ ...fault, fault })))('$done', { timeout }, async ({ fault }) => {
    const { broken } = await runFault(stage, fault, options);

    expect(broken).toEqual([]);
  });
});
