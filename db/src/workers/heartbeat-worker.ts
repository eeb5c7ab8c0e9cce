import { eq, lt, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { type RunningJob, workers } from '../schema/jobs.ts';

export interface WorkerFacts {
  id: string;
  host: string;
  pid: number;
  version: string;
  rssBytes: number;
  /** What it runs, oldest first. */
  jobs?: RunningJob[];
}

/** A worker that was silent for so long is not counted on. */
export const aliveSeconds = 60;

/** A worker that was silent for so long is shown no more. */
export const shownSeconds = 300;

/** Shows that a worker is alive. Returns how many are, this one included. */
export async function heartbeatWorker(executor: Executor, worker: WorkerFacts): Promise<number> {
  await executor
    .insert(workers)
    .values({ ...worker, startedAt: sql`now()`, heartbeatAt: sql`now()` })
    .onConflictDoUpdate({
      target: workers.id,
      set: { heartbeatAt: sql`now()`, rssBytes: worker.rssBytes, jobs: worker.jobs ?? [] },
    });
  return executor.$count(workers, sql`${workers.heartbeatAt} > now() - ${aliveSeconds} * interval '1 second'`);
}

export async function removeWorker(executor: Executor, id: string): Promise<void> {
  await executor.delete(workers).where(eq(workers.id, id));
}

/** Forgets workers that ended without saying so. */
export async function removeDeadWorkers(executor: Executor, silentSeconds: number): Promise<void> {
  await executor.delete(workers).where(lt(workers.heartbeatAt, sql`now() - ${silentSeconds} * interval '1 second'`));
}
