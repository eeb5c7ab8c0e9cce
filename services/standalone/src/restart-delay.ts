const firstMs = 1_000;
const longestMs = 30_000;
const healthyMs = 60_000;

/** How long to wait before each restart of a process that keeps ending: 1 s, 2 s … 30 s, from 1 s again after a healthy minute. */
export interface RestartDelay {
  /** `ranForMs`: how long the process that has just ended was ready. */
  next(ranForMs: number): number;
}

export function createRestartDelay(): RestartDelay {
  let delay = 0;
  return {
    next(ranForMs) {
      delay = delay === 0 || ranForMs >= healthyMs ? firstMs : Math.min(delay * 2, longestMs);
      return delay;
    },
  };
}
