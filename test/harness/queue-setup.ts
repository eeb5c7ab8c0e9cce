import { once } from 'node:events';
import { createJobConsumer, type JobConsumerOptions } from '@sheaf/queue/job-consumer';
import { createJobProducer } from '@sheaf/queue/job-producer';
import { type JobDefinition, type JobName, type JobPayloads, jobDefinitions } from '@sheaf/queue/jobs';
import type { QueueBackend } from '@sheaf/queue/queue-connection';
import { onTestFinished } from 'vitest';
import { openQueueBackend } from './queue-backend.ts';

type RenderHandler = (payload: JobPayloads['render'], signal: AbortSignal) => Promise<void>;

/** For `vi.waitFor`. */
export const patience = { timeout: 10_000, interval: 10 };

/** A queue of the test's own, with every job defined as usual but for `definition`; closed when the test has finished. */
export async function setupQueue(kind: QueueBackend['kind'], definition: Partial<JobDefinition> = {}) {
  const { backend, remove } = await openQueueBackend(kind);
  onTestFinished(remove);
  const definitions = Object.fromEntries(
    Object.entries(jobDefinitions).map(([name, defaults]) => [name, { ...defaults, ...definition }]),
  ) as Record<JobName, JobDefinition>;
  const errors: Error[] = [];
  const onError = (error: Error) => errors.push(error);
  const openProducer = () => {
    const producer = createJobProducer(backend, { onError, definitions });
    onTestFinished(producer.close);
    return producer;
  };
  const openConsumer = (options: Partial<JobConsumerOptions> = {}) => {
    const logger = { warn: () => {} };
    const consumer = createJobConsumer(backend, { onError, logger, definitions, abortGraceMs: 300, ...options });
    onTestFinished(() => consumer.close(0));
    return consumer;
  };
  return { producer: openProducer(), openProducer, openConsumer, errors };
}

/** Records the assets whose renditions were asked for. */
export function recorder() {
  const assets: string[] = [];
  const handler: RenderHandler = async ({ assetId }) => void assets.push(assetId);
  return { assets, handler };
}

/** A handler that says when it has started, and goes on until released or aborted. */
export function gated() {
  const started = Promise.withResolvers<AbortSignal>();
  const gate = Promise.withResolvers<void>();
  const handler: RenderHandler = async (_payload, signal) => {
    started.resolve(signal);
    const aborted = once(signal, 'abort').then(() => Promise.reject(signal.reason));
    await Promise.race([gate.promise, aborted]);
  };
  return { handler, started: started.promise, release: gate.resolve };
}
