import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import pg from 'pg';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { openEndingRelay } from '../../../test/harness/ending-relay.ts';
import { openQueueBackend, queueKinds, startQueueServer } from '../../../test/harness/queue-backend.ts';
import { startRedis } from '../../../test/harness/redis-server.ts';
import { createJobConsumer } from './job-consumer.ts';
import { createJobProducer } from './job-producer.ts';
import type { QueueBackend } from './queue-connection.ts';

const crashingConsumer = fileURLToPath(new URL('../../../test/harness/crashing-consumer.ts', import.meta.url));
const patience = { timeout: 20_000, interval: 50 };
const unavailable = { code: 'service.unavailable', retryable: true };

function open(backend: QueueBackend, lockMs?: number) {
  const errors: Error[] = [];
  const onError = (error: Error) => errors.push(error);
  const producer = createJobProducer(backend, { onError, answerWithinMs: 1_000 });
  onTestFinished(producer.close);
  const consumer = createJobConsumer(backend, { onError, logger: { warn: () => {} }, abortGraceMs: 300, lockMs });
  onTestFinished(() => consumer.close(0));
  return { producer, consumer, errors };
}

describe.each(queueKinds)('on %s', (kind) => {
  test('while the server is gone, calls fail soon and typed; once it is back, jobs flow again', async () => {
    const server = await startQueueServer(kind);
    onTestFinished(server.remove);
    const { producer, consumer, errors } = open(server.backend);
    const assets: string[] = [];
    consumer.consume('render', async ({ assetId }) => void assets.push(assetId));
    const [before, after] = [randomUUID(), randomUUID()];
    await producer.ping();
    await producer.add('render', { assetId: before });
    await vi.waitFor(() => expect(assets).toEqual([before]), patience);

    await server.stop();
    const asked = performance.now();
    await expect(producer.ping()).rejects.toMatchObject(unavailable);
    await expect(producer.add('render', { assetId: after })).rejects.toMatchObject(unavailable);
    await expect(producer.schedule('sweep', 60_000)).rejects.toMatchObject(unavailable);
    expect(performance.now() - asked).toBeLessThan(4_000);

    await server.start();
    await vi.waitFor(() => producer.ping(), patience);
    await vi.waitFor(async () => {
      await producer.add('render', { assetId: after });
      expect(assets).toContain(after);
    }, patience);
    expect(errors.length).toBeLessThan(20);
  });

  test('what is opened while the server is gone works once it is there', async () => {
    const server = await startQueueServer(kind);
    onTestFinished(server.remove);
    await server.stop();
    const { producer, consumer } = open(server.backend);
    const assets: string[] = [];
    consumer.consume('render', async ({ assetId }) => void assets.push(assetId));
    const assetId = randomUUID();
    await expect(producer.add('render', { assetId })).rejects.toMatchObject(unavailable);

    await server.start();
    await vi.waitFor(() => producer.add('render', { assetId }), patience);
    await vi.waitFor(() => expect(assets).toContain(assetId), patience);
  });

  test('closing does not wait for a server that is gone', async () => {
    const server = await startQueueServer(kind);
    onTestFinished(server.remove);
    const { producer, consumer } = open(server.backend);
    const handled = Promise.withResolvers<void>();
    consumer.consume('render', async () => handled.resolve());
    await producer.add('render', { assetId: randomUUID() });
    await handled.promise;
    await server.stop();
    const before = performance.now();
    await consumer.close(500);
    await producer.close();
    expect(performance.now() - before).toBeLessThan(5_000);
  });
});

describe.each(queueKinds)('on %s, with workers that die', (kind) => {
  const hourMs = 60 * 60 * 1_000;
  test.each([
    { clock: 'is right', aheadMs: 0 },
    { clock: 'is an hour ahead', aheadMs: hourMs },
    { clock: 'is an hour behind', aheadMs: -hourMs },
  ])('a job survives three crashes of its worker, whose clock $clock', async ({ aheadMs }) => {
    const { backend, remove } = await openQueueBackend(kind);
    onTestFinished(remove);
    const { producer, consumer } = open(backend, 1_000);
    const assetId = randomUUID();
    await producer.add('render', { assetId });
    for (let crash = 1; crash <= 3; crash++) {
      const worker = fork(crashingConsumer, [JSON.stringify(backend), String(aheadMs)]);
      const [, signal] = await once(worker, 'exit');
      expect(signal).toBe('SIGKILL');
    }
    const assets: string[] = [];
    consumer.consume('render', async (payload) => void assets.push(payload.assetId));
    await vi.waitFor(() => expect(assets).toEqual([assetId]), patience);
  });
});

test.each([-1, 1])(
  'on postgres, a delayed job runs in time, and nobody asks all the while, where the clock is %d h ahead',
  async (ahead) => {
    const { backend, remove } = await openQueueBackend('postgres');
    onTestFinished(remove);
    const clock = () => new Date(Date.now() - ahead * 60 * 60 * 1_000);
    const { producer, consumer } = open({ ...backend, clock } as QueueBackend);
    const client = new pg.Client({ connectionString: backend.url });
    await client.connect();
    onTestFinished(() => client.end());
    const statements = async () => {
      const { rows } = await client.query(
        'select xact_commit from pg_stat_database where datname = current_database()',
      );
      return Number(rows[0].xact_commit);
    };
    const runs: number[] = [];
    consumer.consume('render', async () => void runs.push(performance.now()));
    await producer.add('render', { assetId: randomUUID() });
    await vi.waitFor(() => expect(runs).toHaveLength(1), patience);
    const before = await statements();

    const addedAt = performance.now();
    await producer.add('render', { assetId: randomUUID() }, { delayMs: 1_500 });
    await vi.waitFor(() => expect(runs).toHaveLength(2), patience);

    expect(runs[1]! - addedAt).toBeGreaterThan(1_400);
    expect(runs[1]! - addedAt).toBeLessThan(5_000);
    expect((await statements()) - before).toBeLessThan(200);
  },
);

test('a call to a Redis that hangs fails within its time limit', async () => {
  const server = await startRedis();
  onTestFinished(server.stop);
  const { producer } = open({ kind: 'redis', url: server.url });
  await producer.ping();
  server.pause();
  const asked = performance.now();
  await expect(producer.add('render', { assetId: randomUUID() })).rejects.toMatchObject(unavailable);
  expect(performance.now() - asked).toBeLessThan(2_000);
  server.resume();
  await vi.waitFor(() => producer.ping(), patience);
});

test('a Redis that is full is not stormed, and its jobs run once it has room', async () => {
  const server = await startRedis();
  onTestFinished(server.stop);
  const redis = new Redis(server.url);
  onTestFinished(() => redis.disconnect());
  const { producer, consumer, errors } = open({ kind: 'redis', url: server.url });
  const assets: string[] = [];
  const assetId = randomUUID();
  await producer.add('render', { assetId });
  await redis.config('SET', 'maxmemory', '1');
  await redis.config('RESETSTAT');
  const started = performance.now();
  consumer.consume('render', async (payload) => void assets.push(payload.assetId));
  await expect(producer.add('render', { assetId: randomUUID() })).rejects.toMatchObject(unavailable);
  await vi.waitFor(async () => expect(await refusedCommands(redis)).toBeGreaterThanOrEqual(5), patience);
  expect((await refusedCommands(redis)) / ((performance.now() - started) / 1000)).toBeLessThan(50);
  expect(errors.length).toBeLessThan(10);
  await redis.config('SET', 'maxmemory', '0');
  await vi.waitFor(() => expect(assets).toEqual([assetId]), patience);
});

test('on postgres, a connection that is lost while a queue is opened ends nothing', async () => {
  const server = await openQueueBackend('postgres');
  onTestFinished(server.remove);
  let lost = 0;
  // The first statement of a connection of which the queue's tables are asked whether they are of this version.
  const relay = await openEndingRelay(
    server.backend.url,
    (sent) => lost < 3 && sent.includes('.migration') && ++lost > 0,
  );
  onTestFinished(relay.close);
  const { producer, consumer } = open({ kind: 'postgres', url: relay.url });
  const assets: string[] = [];
  const assetId = randomUUID();
  consumer.consume('render', async (payload) => void assets.push(payload.assetId));

  await vi.waitFor(() => producer.add('render', { assetId }), patience);

  await vi.waitFor(() => expect(assets).toEqual([assetId]), patience);
  expect(lost).toBe(3);
});

test('the signal aborts when the lock on the job is lost', async () => {
  const server = await startRedis();
  onTestFinished(server.stop);
  const redis = new Redis(server.url);
  onTestFinished(() => redis.disconnect());
  const { producer, consumer } = open({ kind: 'redis', url: server.url }, 1_000);
  const started = Promise.withResolvers<AbortSignal>();
  consumer.consume('render', async (_payload, signal) => {
    started.resolve(signal);
    await once(signal, 'abort');
  });
  const assetId = randomUUID();
  await producer.add('render', { assetId });
  const signal = await started.promise;
  await redis.del(`sheaf:render:render-${assetId}:lock`);
  await vi.waitFor(() => expect(signal.aborted).toBe(true), patience);
});

async function refusedCommands(redis: Redis): Promise<number> {
  const errors = await redis.info('errorstats');
  return Number(/errorstat_OOM:count=(\d+)/.exec(errors)?.[1] ?? 0);
}
