import { AppError } from '@sheaf/domain/app-error';

/** How long a storage may be silent while somebody waits for it. */
export interface StallLimit {
  /**
   * Settles as the promise does, or rejects with a retryable `storage.unavailable` where that takes too long. What it
   * waited for goes on: a call that hangs in the kernel cannot be taken back.
   */
  within<T>(pending: Promise<T>): Promise<T>;
  /**
   * For what takes many steps: told of the same error, once, when for too long nothing has come, or `progress` has given
   * the same. Ends with the function that it gives.
   */
  watch(onStalled: (error: AppError) => void, progress?: () => number): () => void;
}

interface Watched {
  sinceTick: number;
  onStalled(error: AppError): void;
  progress: (() => number) | undefined;
  seen: number;
}

/** The limit is so many ticks of one clock: fewer make it late, more cost something. */
const ticksPerLimit = 4;

/**
 * One clock for all who wait, since a timer for every read would cost more than what it guards against. It counts its own
 * ticks instead of looking at the time: a process that was itself stopped, or too busy to hear of an answer, blames nobody.
 */
export function createStallLimit(milliseconds: number): StallLimit {
  const watched = new Set<Watched>();
  let tick = 0;
  let clock: NodeJS.Timeout | null = null;

  function onTick(): void {
    tick += 1;
    if (watched.size === 0) {
      if (clock !== null) clearInterval(clock);
      clock = null;
      return;
    }
    for (const one of watched) {
      const progress = one.progress?.() ?? one.seen;
      if (progress !== one.seen) {
        one.seen = progress;
        one.sinceTick = tick;
      } else if (tick - one.sinceTick > ticksPerLimit) {
        watched.delete(one);
        one.onStalled(stalled(milliseconds));
      }
    }
  }

  function watch(onStalled: (error: AppError) => void, progress?: () => number): () => void {
    clock ??= setInterval(onTick, milliseconds / ticksPerLimit).unref();
    const one: Watched = { sinceTick: tick, onStalled, progress, seen: progress?.() ?? 0 };
    watched.add(one);
    return () => void watched.delete(one);
  }

  function within<T>(pending: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = watch(reject);
      pending.then(
        (value) => {
          end();
          resolve(value);
        },
        (error: unknown) => {
          end();
          reject(error);
        },
      );
    });
  }

  return { within, watch };
}

function stalled(milliseconds: number): AppError {
  return new AppError('storage.unavailable', 'The storage does not answer.', {
    retryable: true,
    detail: { stalledMs: milliseconds },
  });
}

/** Waits for what a storage does no longer than it may be silent; where it has no limit, as long as it takes. */
export function inTime<T>({ stallLimit }: { stallLimit?: StallLimit }, pending: Promise<T>): Promise<T> {
  return stallLimit?.within(pending) ?? pending;
}

export function isStalled(error: unknown): boolean {
  return error instanceof AppError && error.detail.stalledMs !== undefined;
}
