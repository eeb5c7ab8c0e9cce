import { AppError } from '@sheaf/domain/app-error';
import type { Queue } from 'bullmq';
import { settledWithin, withDeadline } from './deadline.ts';
import { type ErrorListener, limitErrorRate } from './error-rate-limit.ts';
import {
  deterministicJobId,
  type JobDefinition,
  type JobName,
  type JobPayloads,
  jobDefinitions,
  parseJobPayload,
  type ScheduledJobName,
} from './jobs.ts';
import { connectProducerToRedis, openQueue, type QueueBackend } from './queue-connection.ts';

export interface AddOptions {
  /** Instead of the deterministic one. No `:`, not digits alone. */
  jobId?: string;
  /** Not before this many milliseconds from now. */
  delayMs?: number;
  /** 1 (soonest) to 2,097,151; without one, a job goes before all that have one. */
  priority?: number;
}

/**
 * Puts jobs into the queue. Everything here throws `service.unavailable` (retryable) when the queue does not answer in
 * time; the job may have been added all the same, so add it again under the same id.
 */
export interface JobProducer {
  /** Does nothing when a job of this id is waiting or running. An id is free again once its job has ended. */
  add<N extends JobName>(name: N, payload: JobPayloads[N], options?: AddOptions): Promise<void>;
  /** Runs the job now and then every so often, once for all processes that ask; asking again changes the interval. */
  schedule(name: ScheduledJobName, everyMs: number): Promise<void>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface JobProducerOptions {
  /** Errors of the connection, at most one of a kind each ten seconds. What a call throws is not repeated here. */
  onError: ErrorListener;
  definitions?: Readonly<Record<JobName, JobDefinition>>;
  /** Longest that a call waits for the queue's answer. */
  answerWithinMs?: number;
}

/** Connects when first used, and again when the connection was lost. On PostgreSQL, `migrateQueue` must have run. */
export function createJobProducer(backend: QueueBackend, options: JobProducerOptions): JobProducer {
  const definitions = options.definitions ?? jobDefinitions;
  const answerWithinMs = options.answerWithinMs ?? 5_000;
  const { report, close: closeReport } = limitErrorRate(options.onError);
  const queues = new Map<JobName, Queue>();
  const redis = backend.kind === 'redis' ? connectProducerToRedis(backend.url, answerWithinMs) : undefined;
  redis?.on('error', report);

  async function readyQueue(name: JobName): Promise<Queue> {
    const queue = queues.get(name) ?? openQueue(backend, name, redis);
    if (!queues.has(name)) {
      queue.on('error', report);
      queues.set(name, queue);
    }
    try {
      await queue.waitUntilReady();
      return queue;
    } catch (error) {
      // A queue remembers for ever that it could not connect: the next call must start with a new one.
      if (queues.get(name) === queue) queues.delete(name);
      queue.close().catch(report);
      throw error;
    }
  }

  async function answered<T>(name: JobName, ask: (queue: Queue) => Promise<T>): Promise<T> {
    try {
      return await withDeadline(readyQueue(name).then(ask), answerWithinMs);
    } catch (cause) {
      throw new AppError('service.unavailable', 'The job queue cannot be reached.', {
        retryable: true,
        detail: { queue: name },
        cause,
      });
    }
  }

  function jobOptions(name: JobName) {
    const { attempts, backoffMs } = definitions[name];
    return {
      attempts,
      backoff: { type: 'exponential', delay: backoffMs },
      // Our tables hold the outcome, and an id can only be used again once its job is gone.
      removeOnComplete: true,
      removeOnFail: true,
    };
  }

  return {
    async add(name, payload, { jobId = deterministicJobId(name, payload), delayMs, priority } = {}) {
      const data = parseJobPayload(name, payload);
      if (jobId.includes(':') || /^\d*$/.test(jobId)) {
        throw new AppError('input.invalid', 'A job id has no colon and is not digits alone.', { detail: { jobId } });
      }
      await answered(name, (queue) => queue.add(name, data, { ...jobOptions(name), jobId, delay: delayMs, priority }));
    },
    async schedule(name, everyMs) {
      await answered(name, (queue) =>
        queue.upsertJobScheduler(name, { every: everyMs }, { name, data: {}, opts: jobOptions(name) }),
      );
    },
    async ping() {
      await answered('sweep', (queue) => queue.isPaused());
    },
    async close() {
      const closing = [...queues.values()].map((queue) => queue.close());
      await settledWithin(Promise.allSettled(closing), answerWithinMs);
      redis?.disconnect();
      closeReport();
    },
  };
}
