import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { QueueKind } from './fault.ts';
import { faults } from './faults.ts';
import { faultsOn, openStageFor, runFault } from './run-faults.ts';
import type { Stage } from './stage.ts';

/** Of every run of the tests. `npm run test:faults` takes others, and the figures that are published. */
const options = { seed: 20_261_129, long: false, faults };

/** Some 5 to 15 s each on a machine of its own. */
const timeout = 240_000;

/** The short form of the faults that this queue meets, as tests: a file for each queue, so that they run side by side. */
export function testFaults(queue: QueueKind): void {
  describe(`with the queue in ${queue}, nothing is lost, doubled or half seen under`, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openStageFor(queue, options);
    });
    afterAll(() => stage.close());

    test.each(faultsOn(queue, options).map((fault) => ({ ...fault, fault })))(
      '$done',
      { timeout },
      async ({ fault }) => {
        const { broken } = await runFault(stage, fault, options);

        expect(broken).toEqual([]);
      },
    );
  });
}
