import { takeSweepTurn } from '@sheaf/db/workers/take-sweep-turn';
import { sweep } from './jobs/sweep.ts';
import type { WorkerDeps } from './worker-deps.ts';

/** Without a sweep for so many times the pause between two, a worker sweeps by itself. */
const overdue = 1.5;

export interface Sweeper {
  /** Waits for a sweep under way, which it tells to stop, and not for a storage that hangs. */
  close(): Promise<void>;
}

/**
 * Sweeps where the queue has not asked for it for a while: it may be away, or its schedule wait for an hour that somebody's
 * clock said it was. What was lost is found again all the same.
 */
export function startSweeper(deps: WorkerDeps): Sweeper {
  const { db, policy, logger } = deps;
  const stopping = new AbortController();
  let sweeping: Promise<void> | null = null;

  async function sweepWhereDue(): Promise<void> {
    if (await takeSweepTurn(db.orm, { silentMs: overdue * policy.sweepEvery })) await sweep({}, deps, stopping.signal);
  }

  const timer = setInterval(() => {
    sweeping ??= sweepWhereDue()
      .catch((err: unknown) => {
        if (!stopping.signal.aborted) logger.warn({ err }, 'sweep failed');
      })
      .finally(() => {
        sweeping = null;
      });
  }, policy.sweepEvery / 2);
  return {
    async close() {
      clearInterval(timer);
      stopping.abort(new Error('The worker is stopping.'));
      await sweeping;
    },
  };
}
