import type { Clock } from './clock.ts';

/** A clock that nobody's setting of this machine's clock moves. */
export interface SteadyClock {
  now: Clock;
  /** It drifts, and stands still while the machine sleeps: tell it the time now and then. */
  set(time: Date): void;
}

/** Goes on from `time` by what `elapsedMs` says has passed. */
export function createSteadyClock(time: Date, elapsedMs: () => number = () => performance.now()): SteadyClock {
  let startedAt = time.getTime() - elapsedMs();
  return {
    now: () => new Date(startedAt + elapsedMs()),
    set(next) {
      startedAt = next.getTime() - elapsedMs();
    },
  };
}
