import { setTimeout as pause } from 'node:timers/promises';

export interface UntilOptions {
  withinMs: number;
  everyMs?: number;
}

/** Asks again until the answer is neither false nor null, and gives it; null once the time is over. */
export async function until<T>(
  ask: () => Promise<T | false | null> | T | false | null,
  { withinMs, everyMs = 50 }: UntilOptions,
): Promise<T | null> {
  const deadline = performance.now() + withinMs;
  while (true) {
    const answer = await ask();
    if (answer !== false && answer !== null) return answer;
    if (performance.now() > deadline) return null;
    await pause(everyMs);
  }
}
