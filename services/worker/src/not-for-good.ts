import { inTime } from '@sheaf/storage/stall-limit';
import type { WorkerDeps } from './worker-deps.ts';

type Step = (deps: WorkerDeps, signal: AbortSignal) => Promise<unknown>;

/** Storages that a step waits for. */
const waitedFor = new WeakSet<WorkerDeps['storage']>();

/**
 * A step of the sweep that waits for the storage, which fails where it takes longer than a storage may be silent, or is
 * told to stop: what hangs must hold neither the other steps nor the end of the worker. A call that hangs in the system
 * cannot be taken back, so the step goes on, and until it has ended none of its sort is begun: each would hang with it.
 * One whose every call is limited may take its time in all.
 */
export function notForGood(step: Step, { limitsCalls = false } = {}): Step {
  return async (deps, signal) => {
    const { storage } = deps;
    if (waitedFor.has(storage)) return;
    waitedFor.add(storage);
    const work = step(deps, signal).finally(() => waitedFor.delete(storage));
    const stopped = Promise.withResolvers<never>();
    const stop = () => stopped.reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    try {
      await Promise.race([limitsCalls ? work : inTime(storage, work), stopped.promise]);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  };
}
