import type { Job } from 'bullmq';
import type { JobName } from './jobs.ts';

/** What is told of every job that runs here. */
export interface JobObserver {
  started(job: ObservedJob): void;
  ended(job: ObservedJob, outcome: JobOutcome): void;
}

export interface ObservedJob {
  name: JobName;
  jobId: string;
  payload: unknown;
  startedAt: Date;
}

export interface JobOutcome {
  failed: boolean;
  /** From when it was added until it ran; null for a further attempt. */
  waitedMs: number | null;
  ranMs: number;
}

/** Tells the observer that a job starts, and gives what tells it that it ended. `clock`: the one by which jobs are added. */
export function observeJob(
  observer: JobObserver | undefined,
  name: JobName,
  job: Pick<Job, 'id' | 'data' | 'timestamp' | 'attemptsMade'>,
  clock: () => Date = () => new Date(),
): (failed: boolean) => void {
  if (observer === undefined) return () => {};
  const startedAt = clock();
  const from = performance.now();
  const observed: ObservedJob = { name, jobId: job.id ?? '', payload: job.data, startedAt };
  const waitedMs = job.attemptsMade > 0 ? null : Math.max(0, startedAt.getTime() - job.timestamp);
  observer.started(observed);
  return (failed) => observer.ended(observed, { failed, waitedMs, ranMs: performance.now() - from });
}
