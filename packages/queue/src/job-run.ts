import { AppError } from '@sheaf/domain/app-error';
import { type Job, UnrecoverableError, WaitingError } from 'bullmq';
import { type JobName, type JobPayloads, parseJobPayload } from './jobs.ts';

export interface JobRun {
  /** Whether no other run comes after this one. */
  isLast: boolean;
}

/**
 * One job's work. It must be idempotent: a job may run again after it ran, and twice at once when a worker lost its
 * lock. After the signal's abort it has a moment to end; then it is given up, though it may still be running.
 */
export type JobHandler<N extends JobName> = (
  payload: JobPayloads[N],
  signal: AbortSignal,
  run: JobRun,
) => Promise<void>;

/** The part of a pino logger that is used here. */
export interface JobLogger {
  warn(detail: object, message: string): void;
}

export interface JobRunOptions {
  timeoutMs: number;
  /** How long a handler may go on after its signal aborted. */
  abortGraceMs: number;
  /** Aborts when this process must stop. */
  shutdown: AbortSignal;
  logger: JobLogger;
}

/**
 * Runs a handler on one job and tells BullMQ what to do next by what it throws: nothing more (done), never again
 * (`UnrecoverableError`, for an AppError that is not retryable), elsewhere (`WaitingError`, at shutdown, which costs
 * no attempt), or again later (anything else).
 */
export async function runJob<N extends JobName>(
  name: N,
  handler: JobHandler<N>,
  job: Pick<Job, 'id' | 'data' | 'attemptsMade' | 'opts' | 'moveToWait'>,
  token: string | undefined,
  cancelled: AbortSignal | undefined,
  options: JobRunOptions,
): Promise<void> {
  const { timeoutMs, shutdown, logger } = options;
  const timeout = new AbortController();
  const timer = setTimeout(() => {
    const message = `The job ran longer than ${timeoutMs} ms.`;
    timeout.abort(new AppError('internal', message, { retryable: true, detail: { job: job.id } }));
  }, timeoutMs);
  const signal = AbortSignal.any([timeout.signal, shutdown, ...(cancelled ? [cancelled] : [])]);
  const attempt = job.attemptsMade + 1;
  try {
    const payload = parseJobPayload(name, job.data);
    const isLast = attempt >= (job.opts.attempts ?? 1);
    await endedOrAbandoned(handler(payload, signal, { isLast }), signal, options.abortGraceMs);
    // Whether it returned because it was done or because it was told to stop, nobody knows: it runs again.
    signal.throwIfAborted();
  } catch (error) {
    if (shutdown.aborted) {
      await job.moveToWait(token);
      throw new WaitingError();
    }
    const final = error instanceof AppError && !error.retryable;
    logger.warn({ err: error, job: name, jobId: job.id, attempt, attempts: job.opts.attempts, final }, 'job failed');
    if (final) throw new UnrecoverableError(error.message);
    if (error instanceof AppError) throw error;
    // The queue keeps message and stack in clear, and those of a failed query hold its values.
    throw new Error(`The ${name} job failed: the log says why.`);
  } finally {
    clearTimeout(timer);
  }
}

/** The work's outcome, or the signal's reason if the work has not ended within a grace period after its abort. */
async function endedOrAbandoned(work: Promise<void>, signal: AbortSignal, graceMs: number): Promise<void> {
  const { promise: abandoned, reject } = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  const startGrace = () => {
    timer = setTimeout(() => reject(signal.reason), graceMs);
  };
  if (signal.aborted) startGrace();
  else signal.addEventListener('abort', startGrace, { once: true });
  try {
    await Promise.race([work, abandoned]);
  } finally {
    signal.removeEventListener('abort', startGrace);
    clearTimeout(timer);
  }
}
