import type { Clock } from './clock.ts';
import { createSteadyClock } from './steady-clock.ts';

export interface FollowedTime {
  now: Clock;
  /** Asks no more. */
  stop(): void;
}

const askEveryMs = 10_000;
const slowAnswerMs = 1_000;

/**
 * A clock that goes by the time that others tell, such as the database which all processes share: what is over ends by it,
 * whatever somebody sets this machine's clock to. Rejects where nobody tells the time to begin with.
 */
export async function followTime(
  readTime: () => Promise<Date>,
  elapsedMs: () => number = () => performance.now(),
): Promise<FollowedTime> {
  const clock = createSteadyClock(await readTime(), elapsedMs);
  const timer = setInterval(() => {
    const askedAt = elapsedMs();
    // Without an answer it goes on by itself, and so it does with one that took long: time has passed since.
    readTime().then(
      (time) => {
        if (elapsedMs() - askedAt < slowAnswerMs) clock.set(time);
      },
      () => {},
    );
  }, askEveryMs);
  return { now: clock.now, stop: () => clearInterval(timer) };
}
