import { loadConfig } from '@sheaf/runtime/load-config';
import type { Fault, FaultOutcome, QueueKind } from './fault.ts';
import { createRandom } from './random.ts';
import { openStage, type Stage } from './stage.ts';

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

/** In this order; each with an installation of its own. */
const queues: readonly QueueKind[] = ['postgres', 'redis'];

/** Short enough that a lost worker's downloads are taken up again within seconds. */
const shortLeaseSeconds = 4;

/** An installation to run faults on. */
export function openStageFor(queue: QueueKind, { seed, long }: Pick<RunOptions, 'seed' | 'long'>): Promise<Stage> {
  const leaseSeconds = long ? loadConfig({}).LEASE_SECONDS : shortLeaseSeconds;
  return openStage({ queue, leaseSeconds, random: createRandom(seed) });
}

/** The faults that a queue meets: in the short form each of them meets one. */
export function faultsOn(queue: QueueKind, { faults, long }: Pick<RunOptions, 'faults' | 'long'>): readonly Fault[] {
  return faults.filter((fault) => (long ? fault.queues.includes(queue) : fault.queues[0] === queue));
}

export async function runFault(
  stage: Stage,
  fault: Fault,
  { seed, long }: Pick<RunOptions, 'seed' | 'long'>,
): Promise<FaultRun> {
  const startedAt = performance.now();
  // Its own, so that one fault alone does what it does among all.
  const outcome = await fault.run({ stage, long, random: createRandom(seed) }).catch(thrown);
  await stage.endWorkers();
  const { name, done } = fault;
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  return { fault: name, done, queue: stage.queue, ...outcome, seconds, held: outcome.broken.length === 0 };
}

/** Runs the faults one after the other, on one installation for each queue. */
export async function runFaults({ onEnd, onBroken, ...options }: RunOptions): Promise<FaultRun[]> {
  const runs: FaultRun[] = [];
  for (const queue of queues) {
    const due = faultsOn(queue, options);
    if (due.length === 0) continue;
    const stage = await openStageFor(queue, options);
    try {
      let printed = 0;
      for (const fault of due) {
        const run = await runFault(stage, fault, options);
        runs.push(run);
        onEnd?.(run);
        const log = await stage.log();
        if (!run.held) onBroken?.(run, log.slice(printed));
        printed = log.length;
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
