import type { Executor } from '@sheaf/db/database';
import { addToMeasures } from '@sheaf/db/rollups/record-measures';
import type { RunningJob } from '@sheaf/db/schema/jobs';
import { bucketOf } from '@sheaf/domain/histogram';
import type { JobObserver, ObservedJob } from '@sheaf/queue/observe-job';

export interface JobLog extends JobObserver {
  /** What runs at this moment, oldest first. */
  running(): RunningJob[];
  /** Writes down what ended since the last time: one statement, however many jobs. Kept for the next time where it fails. */
  flush(executor: Executor, now: Date): Promise<void>;
}

/**
 * Counts jobs by queue, in memory, to be written with the heartbeat. A worker that is killed takes the counts of its last
 * seconds along; nothing but charts is made from them.
 */
export function createJobLog(): JobLog {
  const running = new Map<ObservedJob, RunningJob>();
  let counts = new Map<string, { measure: string; bucket: number; value: number }>();

  function count(measure: string, bucket: number, value = 1): void {
    const key = `${measure} ${bucket}`;
    const known = counts.get(key);
    if (known) known.value += value;
    else counts.set(key, { measure, bucket, value });
  }

  return {
    started(job) {
      const { downloadId } = job.payload as { downloadId?: string };
      running.set(job, {
        queue: job.name,
        jobId: job.jobId,
        downloadId: downloadId ?? null,
        startedAt: job.startedAt.toISOString(),
      });
    },
    ended(job, { failed, waitedMs, ranMs }) {
      running.delete(job);
      if (job.name === 'sweep') return;
      count(`run:${job.name}`, bucketOf(ranMs));
      if (failed) count(`failed:${job.name}`, 0);
      if (waitedMs !== null) count(`wait:${job.name}`, bucketOf(waitedMs));
    },
    running: () => [...running.values()].filter(({ queue }) => queue !== 'sweep'),
    async flush(executor, now) {
      const taken = counts;
      counts = new Map();
      try {
        await addToMeasures(executor, now, [...taken.values()]);
      } catch (error) {
        for (const { measure, bucket, value } of taken.values()) count(measure, bucket, value);
        throw error;
      }
    },
  };
}
