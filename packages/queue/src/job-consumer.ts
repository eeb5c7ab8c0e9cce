import { once } from 'node:events';
import { AppError } from '@sheaf/domain/app-error';
import { WaitingError, type Worker } from 'bullmq';
import { backOffFetching, backOffMs, pause } from './back-off.ts';
import { settledWithin } from './deadline.ts';
import { type ErrorListener, limitErrorRate } from './error-rate-limit.ts';
import { createGate, type Gate } from './gate.ts';
import { type JobHandler, type JobLogger, runJob } from './job-run.ts';
import { type JobDefinition, type JobName, jobDefinitions } from './jobs.ts';
import { type JobObserver, observeJob } from './observe-job.ts';
import { openWorker, type QueueBackend } from './queue-connection.ts';

export interface ConsumeOptions {
  /** Jobs of this name that run here at a time; the definition's number when absent. */
  concurrency?: number;
}

export interface JobConsumer {
  /** Starts handling the jobs of a name, as soon as the queue can be reached. Once for each name. */
  consume<N extends JobName>(name: N, handler: JobHandler<N>, options?: ConsumeOptions): void;
  /** Takes no more jobs of this name; those that run go on. They wait in the queue, with whatever is added. */
  pause(name: JobName): void;
  resume(name: JobName): void;
  /** Jobs of this name that run here at a time from now on; what runs already goes on. */
  setConcurrency(name: JobName, concurrency: number): void;
  /**
   * Takes no more jobs and waits for the running ones. After `deadlineMs` their signals abort and they go back to the
   * queue, to run elsewhere; those that do not end within the grace period are left behind. Never throws.
   */
  close(deadlineMs: number): Promise<void>;
}

export interface JobConsumerOptions {
  /** Errors of the connection and of the queue, at most one of a kind each ten seconds. */
  onError: ErrorListener;
  logger: JobLogger;
  definitions?: Readonly<Record<JobName, JobDefinition>>;
  /**
   * Asked before each job, by name: where it says no, the job goes back to the queue and the name is paused here. So a
   * pause holds from the moment it is decided, even for a job that was fetched before anybody heard of it.
   */
  mayRun?: (name: JobName) => Promise<boolean>;
  observer?: JobObserver;
  /** How long a handler may go on after its signal aborted. */
  abortGraceMs?: number;
  /**
   * A running job whose worker gave no sign of life for this long runs again elsewhere. One that died before it claimed
   * its download is found by this alone, so it has to be as short as that takes to be begun again within 15 s.
   */
  lockMs?: number;
}

/**
 * BullMQ fails a job for good once it has stalled this often, whatever attempts it has left. A download that kills its
 * workers is for the sweep to stop, which counts in our tables.
 */
const maxStalledCount = 1_000;

/** Longest that closing waits for BullMQ after the last job ended or was left behind. */
const disconnectMs = 1_000;

/** On PostgreSQL, `migrateQueue` must have run; until then the consumer keeps trying. */
export function createJobConsumer(backend: QueueBackend, options: JobConsumerOptions): JobConsumer {
  const definitions = options.definitions ?? jobDefinitions;
  const abortGraceMs = options.abortGraceMs ?? 5_000;
  const lockMs = options.lockMs ?? 10_000;
  const { report, close: closeReport } = limitErrorRate(options.onError);
  const stopping = new AbortController();
  const stopped = once(stopping.signal, 'abort');
  const consumed = new Set<JobName>();
  const shutdown = new AbortController();
  const workers = new Map<JobName, Worker>();
  /** Of names that were paused: they take nothing more, and end with their last job. */
  const draining = new Set<Worker>();
  const concurrencies = new Map<JobName, number>();
  const gates = new Map<JobName, Gate>();
  const gateOf = (name: JobName): Gate => {
    const gate = gates.get(name) ?? createGate();
    gates.set(name, gate);
    return gate;
  };

  function open<N extends JobName>(name: N, handler: JobHandler<N>): Worker {
    const runOptions = {
      timeoutMs: definitions[name].timeoutMs,
      abortGraceMs,
      shutdown: shutdown.signal,
      logger: options.logger,
    };
    const worker = openWorker(
      backend,
      name,
      // BullMQ hands over a signal only to a function that declares three parameters.
      async (job, token, cancelled) => {
        if (options.mayRun && !(await options.mayRun(name))) {
          gateOf(name).close();
          await job.moveToWait(token);
          throw new WaitingError();
        }
        const end = observeJob(options.observer, name, job, 'clock' in backend ? backend.clock : undefined);
        try {
          await runJob(name, handler, job, token, cancelled, runOptions);
          end(false);
        } catch (error) {
          end(!(error instanceof WaitingError));
          throw error;
        }
      },
      {
        concurrency: concurrencies.get(name) ?? definitions[name].concurrency,
        maxStalledCount,
        lockDuration: lockMs,
        stalledInterval: lockMs / 2,
        runRetryDelay: 1_000,
      },
      (queueBackend) => backOffFetching(queueBackend, stopping.signal),
    );
    worker.on('error', report);
    // The job runs elsewhere by now, or soon; BullMQ would let this run of it go on.
    worker.on('lockRenewalFailed', (ids) => {
      for (const id of ids) worker.cancelJob(id, 'The lock on the job was lost.');
    });
    return worker;
  }

  /** A worker that could not connect at first never will, so it is replaced until one runs and is told to stop. */
  async function keepOpen<N extends JobName>(name: N, handler: JobHandler<N>): Promise<void> {
    const gate = gateOf(name);
    let failures = 0;
    while (!stopping.signal.aborted) {
      await Promise.race([gate.opened(), stopped]);
      if (stopping.signal.aborted) return;
      const worker = open(name, handler);
      workers.set(name, worker);
      try {
        await worker.waitUntilReady();
        failures = 0;
        const running = worker.run();
        running.catch(() => {});
        await Promise.race([running, gate.closed()]);
      } catch (error) {
        report(error);
      }
      if (stopping.signal.aborted) return;
      if (!gate.isOpen()) {
        drain(worker);
        continue;
      }
      failures += 1;
      worker.close(true).catch(report);
      await pause(backOffMs(failures), stopping.signal);
    }
  }

  /** Its running jobs keep their locks and end; BullMQ's own pause would let a fetch that is under way take one more. */
  function drain(worker: Worker): void {
    draining.add(worker);
    worker
      .close()
      .catch(report)
      .finally(() => draining.delete(worker));
  }

  async function closeWorkers(open: readonly Worker[], deadlineMs: number): Promise<void> {
    const closed = Promise.allSettled(open.map((worker) => worker.close()));
    if (await settledWithin(closed, deadlineMs)) return;
    shutdown.abort(new AppError('service.unavailable', 'The worker is stopping.', { retryable: true }));
    if (await settledWithin(closed, abortGraceMs + disconnectMs)) return;
    report(new Error('Jobs or the queue did not let go in time; closing all the same.'));
    const disconnected = Promise.allSettled(open.map((worker) => worker.disconnect()));
    await settledWithin(disconnected, disconnectMs);
  }

  return {
    consume(name, handler, { concurrency } = {}) {
      if (consumed.has(name)) throw new Error(`The ${name} jobs have a handler already.`);
      consumed.add(name);
      if (concurrency !== undefined && !concurrencies.has(name)) concurrencies.set(name, concurrency);
      void keepOpen(name, handler);
    },
    pause: (name) => gateOf(name).close(),
    resume: (name) => gateOf(name).open(),
    setConcurrency(name, concurrency) {
      concurrencies.set(name, concurrency);
      const worker = workers.get(name);
      if (worker) worker.concurrency = concurrency;
    },
    async close(deadlineMs) {
      stopping.abort();
      await closeWorkers([...new Set([...workers.values(), ...draining])], deadlineMs);
      closeReport();
    },
  };
}
