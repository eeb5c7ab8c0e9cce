import { hostname } from 'node:os';
import type { RunningJob } from '@sheaf/db/schema/jobs';
import { endSilentTransactions } from '@sheaf/db/workers/end-silent-transactions';
import { heartbeatWorker, removeWorker } from '@sheaf/db/workers/heartbeat-worker';
import type { WorkerDeps } from './worker-deps.ts';

export interface WorkerHeartbeat {
  /** Workers alive as of the last heartbeat, this one included. */
  workers(): number;
  /** Removes this worker's row. */
  close(): Promise<void>;
}

const heartbeatMs = 5_000;
/** As long as a transaction may wait between two statements. */
const silentSeconds = 20;

/**
 * Shows in the database that this worker is alive, and calls `onBeat` as often. It sees, too, that nobody's locks are kept by
 * a process that was stopped: not in the sweep, which may wait for them. Rejects where the first one fails.
 */
export async function startHeartbeat(
  { db, logger, workerId }: Pick<WorkerDeps, 'db' | 'logger' | 'workerId'>,
  { version, runningJobs, onBeat }: { version: string; runningJobs(): RunningJob[]; onBeat(): Promise<void> },
): Promise<WorkerHeartbeat> {
  let workers = 1;
  let beating: Promise<void> | null = null;

  async function beat(): Promise<void> {
    const rssBytes = process.memoryUsage.rss();
    workers = await heartbeatWorker(db.orm, {
      id: workerId,
      host: hostname(),
      pid: process.pid,
      version,
      rssBytes,
      jobs: runningJobs(),
    });
    const ended = await endSilentTransactions(db.orm, { silentSeconds });
    if (ended > 0) logger.warn({ ended }, 'transactions of processes that fell silent');
    await onBeat();
  }

  await beat();
  const timer = setInterval(() => {
    beating ??= beat()
      .catch((err: unknown) => logger.warn({ err }, 'heartbeat failed'))
      .finally(() => {
        beating = null;
      });
  }, heartbeatMs);

  return {
    workers: () => workers,
    async close() {
      clearInterval(timer);
      await beating;
      await removeWorker(db.orm, workerId);
    },
  };
}
