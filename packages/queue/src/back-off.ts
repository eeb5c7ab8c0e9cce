import { setTimeout as wait } from 'node:timers/promises';
import type { IQueueBackend } from 'bullmq';

const firstPauseMs = 100;
const longestPauseMs = 5_000;

/** Milliseconds to wait after this many failures in a row (at least one). */
export function backOffMs(failures: number): number {
  return Math.min(firstPauseMs * 2 ** (failures - 1), longestPauseMs);
}

/** Waits, but not beyond the signal's abort; never throws. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await wait(milliseconds, undefined, { signal }).catch(() => {});
}

/**
 * Makes a worker's fetching of jobs wait after a failure before it reports it. BullMQ itself asks again at once unless
 * the connection was refused: against a Redis that is out of memory, that is 5,500 failures a second.
 */
export function backOffFetching(
  backend: Pick<IQueueBackend, 'moveToActive'>,
  stopping: AbortSignal,
  sleep: typeof pause = pause,
): void {
  const fetchJob = backend.moveToActive.bind(backend);
  let failures = 0;
  backend.moveToActive = async (...args) => {
    try {
      const fetched = await fetchJob(...args);
      failures = 0;
      return fetched;
    } catch (error) {
      failures += 1;
      await sleep(backOffMs(failures), stopping);
      throw error;
    }
  };
}
