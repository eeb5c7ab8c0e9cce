import { type Cost, median } from '../measure.ts';

export interface Medians {
  /** Median. */
  seconds: number;
  /** Largest of all rounds; null where it could not be seen. */
  peakBytes: number | null;
  rounds: number;
}

/**
 * Runs the contenders in turn, round after round, so that a slow minute hits all of them. One that needs longer than
 * `patience` seconds has only its first round.
 */
export async function interleave(
  contenders: ReadonlyMap<string, () => Promise<Cost>>,
  { rounds, patience }: { rounds: number; patience: number },
): Promise<Map<string, Medians>> {
  const costs = new Map<string, Cost[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, run] of contenders) {
      const before = costs.get(name) ?? [];
      if (before.some(({ seconds }) => seconds > patience)) continue;
      costs.set(name, [...before, await run()]);
    }
  }
  return new Map(
    [...costs].map(([name, list]) => [
      name,
      {
        seconds: median(list.map(({ seconds }) => seconds)),
        peakBytes: Math.max(...list.map(({ peakBytes }) => peakBytes ?? 0)) || null,
        rounds: list.length,
      },
    ]),
  );
}
