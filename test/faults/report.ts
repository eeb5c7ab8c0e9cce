import type { FaultRun } from './run-faults.ts';

/** One line of the table. */
export function describeRun({ fault, queue, done, counts, seconds, held, broken }: FaultRun): string {
  const figures = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  const line = [held ? 'held  ' : 'BROKEN', fault.padEnd(20), queue.padEnd(8), `${seconds} s`.padStart(9), ''].join(
    '  ',
  );
  return [`${line}${figures.join(', ')}`, `        ${done}`, ...broken.map((text) => `        ! ${text}`)].join('\n');
}

/** For programs: one line of JSON. */
export function summarise(seed: number, long: boolean, runs: readonly FaultRun[]): string {
  return JSON.stringify({
    seed,
    long,
    held: runs.every(({ held }) => held),
    seconds: Math.round(runs.reduce((sum, { seconds }) => sum + seconds, 0)),
    faults: runs.map(({ done: _, ...run }) => run),
  });
}
