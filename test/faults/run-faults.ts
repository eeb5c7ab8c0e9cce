import { loadConfig } from '@sheaf/runtime/load-config';
import type { Fault, FaultOutcome, QueueKind } from './fault.ts';
import { createRandom } from './random.ts';
import { openStage } from './stage.ts';

export interface FaultRun extends FaultOutcome {
  fault: string;
  done: string;
  queue: QueueKind;
  seconds: number;
  held: boolean;
}

export interface RunOptions {
  seed: number;
  /** The figures to be published, on every queue; else small ones, each fault on one queue. */
  long: boolean;
  faults: readonly Fault[];
  onEnd?(run: FaultRun): void;
  /** Told of a fault that did not hold, with what the processes printed meanwhile. */
  onBroken?(run: FaultRun, log: string): void;
}

/** Short enough that a lost worker's downloads are taken up again within seconds. */
const shortLeaseSeconds = 3;

/** Runs the faults one after the other, on one installation for each queue. */
export async function runFaults({ seed, long, faults, onEnd, onBroken }: RunOptions): Promise<FaultRun[]> {
  const runs: FaultRun[] = [];
  for (const queue of ['postgres', 'redis'] as const) {
    const due = faults.filter(({ queues }) => (long ? queues.includes(queue) : queues[0] === queue));
    if (due.length === 0) continue;
    const leaseSeconds = long ? loadConfig({}).LEASE_SECONDS : shortLeaseSeconds;
    const stage = await openStage({ queue, leaseSeconds, isHasty: !long, random: createRandom(seed) });
    try {
      let printed = 0;
      for (const fault of due) {
        const startedAt = performance.now();
        // Its own, so that one fault alone does what it does among all.
        const outcome = await fault.run({ stage, long, random: createRandom(seed) }).catch(thrown);
        const { name, done } = fault;
        const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
        const run = { fault: name, done, queue, ...outcome, seconds, held: outcome.broken.length === 0 };
        runs.push(run);
        onEnd?.(run);
        const log = await stage.log();
        if (!run.held) onBroken?.(run, log.slice(printed));
        printed = log.length;
        await stage.endWorkers();
      }
    } finally {
      await stage.close();
    }
  }
  return runs;
}

function thrown(error: unknown): FaultOutcome {
  return { counts: {}, broken: [error instanceof Error ? (error.stack ?? error.message) : String(error)] };
}
