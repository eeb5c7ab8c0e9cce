import type { StallLimit } from '@sheaf/storage/stall-limit';

/**
 * The work's outcome; or the signal's reason where the work has not ended long after its abort, since it waits for a
 * storage that hangs. Then it may still be running: what it does is void, and a claim must not be held for it.
 */
export function endedOrAbandoned<T>(
  work: Promise<T>,
  signal: AbortSignal,
  stallLimit: StallLimit | undefined,
): Promise<T> {
  if (stallLimit === undefined) return work;
  return new Promise((resolve, reject) => {
    let endWatch = () => {};
    const onAbort = () => {
      endWatch = stallLimit.watch(() => reject(signal.reason));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', onAbort);
      endWatch();
    });
  });
}
