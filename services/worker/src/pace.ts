import { setTimeout as pause } from 'node:timers/promises';

/** Shorter waits are left for the next one: a timer takes a millisecond or so by itself. */
const shortestWaitMs = 10;
/** Who was held up catches up on no more than this. */
const mostCatchUpMs = 500;

/** Waits so that no more than so many bytes per second are counted. Rejects when the signal aborts. */
export function createPace(bytesPerSecond: number, signal: AbortSignal): (bytes: number) => Promise<void> {
  let dueAt = performance.now();
  return async (bytes) => {
    const now = performance.now();
    dueAt = Math.max(dueAt, now - mostCatchUpMs) + (bytes / bytesPerSecond) * 1_000;
    if (dueAt - now >= shortestWaitMs) await pause(dueAt - now, undefined, { signal });
  };
}
