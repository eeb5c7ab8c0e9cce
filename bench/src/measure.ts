import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What one run of one contender cost. */
export interface Cost {
  seconds: number;
  /** Peak resident memory of the process that did it, in bytes; null where it was not ours to measure. */
  peakBytes: number | null;
}

/** Middle value; of an even number of values, the lower one of the two in the middle. */
export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)]!;
}

/** Value below which the given share (0 to 1) of all values lies. */
export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!;
}

/** Runs `contenders/<name>.ts` in a process of its own, so that its peak memory is its own; Node's own arguments may be given. */
export async function runContender(name: string, input: unknown, nodeFlags: string[] = []): Promise<Cost> {
  const module = fileURLToPath(new URL(`./contenders/${name}.ts`, import.meta.url));
  const child = fork(module, [], { execArgv: nodeFlags, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  child.send(input as object);
  const result = once(child, 'message') as Promise<[Cost]>;
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${name} ended with exit code ${code} before it answered.`);
  });
  const [cost] = await Promise.race([result, ended]);
  ended.catch(() => {});
  child.kill();
  return cost;
}

/**
 * Answers the parent of a contender's process: how long `work` took and how much memory the process ever used. What
 * `prepare` makes of the input is made before the time begins.
 */
export function contend<Input, Prepared = Input>(
  work: (prepared: Prepared) => Promise<void>,
  prepare?: (input: Input) => Promise<Prepared>,
): void {
  process.once('message', async (input: Input & Prepared) => {
    const prepared = prepare ? await prepare(input) : input;
    const start = performance.now();
    await work(prepared);
    const seconds = (performance.now() - start) / 1_000;
    process.send?.({ seconds, peakBytes: process.resourceUsage().maxRSS * 1_024 } satisfies Cost);
  });
}

/** Runs the contenders in turn, round after round, so that a slow minute hits all of them; gives each one's medians. */
export async function sideBySide<N extends string>(
  rounds: number,
  contenders: Record<N, () => Promise<Cost>>,
): Promise<Record<N, Cost>> {
  const costs = new Map<N, Cost[]>();
  for (let round = 0; round < rounds; round++) {
    for (const name of Object.keys(contenders) as N[]) {
      costs.set(name, [...(costs.get(name) ?? []), await contenders[name]()]);
    }
  }
  const medians = [...costs].map(([name, list]) => {
    const peaks = list.map((cost) => cost.peakBytes).filter((peak) => peak !== null);
    return [
      name,
      { seconds: median(list.map((c) => c.seconds)), peakBytes: peaks.length > 0 ? Math.max(...peaks) : null },
    ];
  });
  return Object.fromEntries(medians) as Record<N, Cost>;
}
