import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { isQueuePaused } from '@sheaf/db/queues/is-queue-paused';
import { takeSweepTurn } from '@sheaf/db/workers/take-sweep-turn';
import type { QueueName } from '@sheaf/domain/queue-name';
import { createJobConsumer, type JobConsumer } from '@sheaf/queue/job-consumer';
import { createJobProducer } from '@sheaf/queue/job-producer';
import { jobDefinitions } from '@sheaf/queue/jobs';
import type { QueueBackend } from '@sheaf/queue/queue-connection';
import { createLifecycle } from '@sheaf/runtime/lifecycle';
import { localUrl } from '@sheaf/runtime/local-url';
import type { Settings } from '@sheaf/runtime/settings';
import packageJson from '../package.json' with { type: 'json' };
import { createCadence } from './cadence.ts';
import { type FollowedQueues, followQueueSettings } from './follow-queue-settings.ts';
import { createJobLog } from './job-log.ts';
import { bulk } from './jobs/bulk.ts';
import { derive } from './jobs/derive.ts';
import { gather } from './jobs/gather.ts';
import { notify } from './jobs/notify.ts';
import { pack } from './jobs/pack.ts';
import { render } from './jobs/render.ts';
import { scrub } from './jobs/scrub.ts';
import { sweep } from './jobs/sweep.ts';
import { parseAddresses } from './notify/allowed-addresses.ts';
import { openRenderer } from './open-renderer.ts';
import { startHeartbeat } from './start-heartbeat.ts';
import { startRelay } from './start-relay.ts';
import { startSweeper } from './start-sweeper.ts';
import type { WorkerDeps } from './worker-deps.ts';
import { defaultPolicy, type WorkerPolicy } from './worker-policy.ts';

export interface WorkerOptions
  extends Pick<WorkerDeps, 'settings' | 'db' | 'storage' | 'logger' | 'clock' | 'sealers'> {
  queueBackend: QueueBackend;
  policy?: WorkerPolicy;
  /** Instead of the one that the settings describe. */
  renderer?: WorkerDeps['renderer'];
}

export interface RunningWorker {
  id: string;
  /**
   * Takes no more work, gives what runs DRAIN_SECONDS to end and hands back the rest. What was passed in stays open.
   */
  close(): Promise<void>;
}

/** Downloads in progress for each that a worker packs at once: enough that none of its hands is ever idle. */
const openPerSlot = 8;

/**
 * Starts all of a worker: the relay, the jobs, the heartbeat. Database and queue must be migrated. Rejects with the
 * first thing that cannot be started, with nothing left running.
 */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { settings, db, logger, queueBackend, policy = defaultPolicy } = options;
  // A wrong entry is told now, not at the first webhook.
  parseAddresses(settings.WEBHOOK_ALLOWED_ADDRESSES);
  const lifecycle = createLifecycle((name, err) => logger.error({ err, name }, 'closing failed'));
  // Not the error itself: it carries the whole client that it came from.
  const onError = ({ message, stack }: Error, suppressed: number) =>
    logger.warn({ error: { message, stack }, suppressed }, 'queue error');
  try {
    const mailer = settings.SMTP_URL
      ? (await import('./notify/mailer.ts')).createMailer({
          smtpUrl: settings.SMTP_URL,
          from: settings.MAIL_FROM,
          stepTimeout: policy.notifyTimeout,
        })
      : null;
    if (mailer) lifecycle.onClose('mailer', () => mailer.close());
    const renderer = openRenderer(settings);
    lifecycle.onClose('renderer', () => renderer.close());
    const deps: WorkerDeps = {
      renderer,
      ...options,
      policy,
      mailer,
      cadence: createCadence(),
      publicUrl: settings.PUBLIC_URL ?? localUrl(settings.HOST, settings.PORT),
      workerId: `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`,
    };

    const jobLog = createJobLog();
    let queues: FollowedQueues | null = null;
    const producer = createJobProducer(queueBackend, { onError });
    lifecycle.onClose('job producer', () => producer.close());
    const heartbeat = await startHeartbeat(deps, {
      version: packageJson.version,
      runningJobs: jobLog.running,
      onBeat: async () => {
        // A queue that lost everything lost its schedule too.
        await producer.schedule('sweep', policy.sweepEvery);
        await producer.schedule('scrub', policy.scrubEvery);
        await jobLog.flush(db.orm, deps.clock());
        await queues?.apply();
      },
    });
    lifecycle.onClose('heartbeat', () => heartbeat.close());

    const consumer = createJobConsumer(queueBackend, {
      onError,
      logger,
      observer: jobLog,
      mayRun: async (name) => !(await isQueuePaused(db.prepared, name)),
    });
    lifecycle.onClose('job consumer', () => consumer.close(settings.DRAIN_SECONDS * 1_000));
    const followed = await followQueueSettings({ db, logger, consumer, defaults: concurrencies(settings) });
    lifecycle.onClose('queue settings', () => followed.close());
    queues = followed;
    const stopping = new AbortController();
    lifecycle.onClose('background reading', () => stopping.abort());
    consumeJobs(consumer, deps, stopping.signal);

    const relay = await startRelay({
      db,
      producer,
      logger,
      maxOpenDownloads: () => openPerSlot * followed.downloadsAtOnce() * heartbeat.workers(),
      pollMs: policy.relayPoll,
    });
    lifecycle.onClose('relay', () => relay.close());
    const sweeper = startSweeper(deps);
    lifecycle.onClose('sweeper', () => sweeper.close());
    return { id: deps.workerId, close: () => lifecycle.close() };
  } catch (error) {
    await lifecycle.close();
    throw error;
  }
}

/** `stopping` aborts as soon as the worker is told to stop: for what nobody waits for, and the next worker goes on with. */
function consumeJobs(consumer: JobConsumer, deps: WorkerDeps, stopping: AbortSignal): void {
  // What is streamed is packed in the same breath, unless packing is paused: its job, which comes as well, then has nothing
  // left to do.
  consumer.consume('gather', async (payload, signal) => {
    const gathered = await gather(payload, deps, signal);
    if (gathered === null || (await isQueuePaused(deps.db.prepared, 'pack'))) return;
    await pack(payload, deps, signal, gathered);
  });
  consumer.consume('pack', (payload, signal) => pack(payload, deps, signal));
  consumer.consume('render', (payload, signal, run) => render(payload, deps, signal, run));
  consumer.consume('derive', (payload, signal, run) => derive(payload, deps, signal, run));
  consumer.consume('notify', (payload, signal) => notify(payload, deps, signal));
  consumer.consume('bulk', (payload, signal) => bulk(payload, deps, signal));
  consumer.consume('scrub', (payload, signal) => scrub(payload, deps, AbortSignal.any([signal, stopping])));
  consumer.consume('sweep', async (payload, signal) => {
    await takeSweepTurn(deps.db.orm, { silentMs: 0 });
    await sweep(payload, deps, signal);
  });
}

/** Jobs that this worker runs at once where nobody has set otherwise. */
function concurrencies(settings: Settings): Record<QueueName, number> {
  return {
    gather: settings.WORKER_CONCURRENCY,
    pack: settings.WORKER_CONCURRENCY,
    render: jobDefinitions.render.concurrency,
    derive: settings.RENDER_PROCESSES,
    notify: jobDefinitions.notify.concurrency,
    scrub: jobDefinitions.scrub.concurrency,
  };
}
