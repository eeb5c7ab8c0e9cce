import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { describe, expect, test, vi } from 'vitest';
import { queueKinds } from '../../../test/harness/queue-backend.ts';
import { gated, patience, recorder, setupQueue } from '../../../test/harness/queue-setup.ts';

describe.each(queueKinds)('on %s', (kind) => {
  test('the signal aborts when the job runs too long, and the attempt counts as failed', async () => {
    const { producer, openConsumer } = await setupQueue(kind, { attempts: 2, backoffMs: 10, timeoutMs: 200 });
    const reasons: unknown[] = [];
    openConsumer().consume('render', async (_payload, signal) => {
      await once(signal, 'abort');
      reasons.push(signal.reason);
    });
    await producer.add('render', { assetId: randomUUID() });
    await vi.waitFor(() => expect(reasons).toHaveLength(2), patience);
    expect(reasons[0]).toMatchObject({ code: 'internal', retryable: true });
  });

  test('a job that ignores its signal does not hold up the next one', async () => {
    const { producer, openConsumer } = await setupQueue(kind, { attempts: 1, timeoutMs: 100 });
    const [stuck, next] = [randomUUID(), randomUUID()];
    const { assets, handler } = recorder();
    openConsumer().consume(
      'render',
      (payload, signal) => (payload.assetId === stuck ? new Promise<void>(() => {}) : handler(payload, signal)),
      { concurrency: 1 },
    );
    await producer.add('render', { assetId: stuck });
    await producer.add('render', { assetId: next });
    await vi.waitFor(() => expect(assets).toEqual([next]), patience);
  });

  test('closing waits for the running job and takes no new one', async () => {
    const { producer, openConsumer } = await setupQueue(kind);
    const { assets, handler } = recorder();
    const { handler: hold, started, release } = gated();
    const consumer = openConsumer();
    const [running, waiting] = [randomUUID(), randomUUID()];
    await producer.add('render', { assetId: running });
    consumer.consume('render', async (payload, signal) => {
      await hold(payload, signal);
      await handler(payload, signal);
    });
    const signal = await started;
    const closed = consumer.close(10_000);
    await producer.add('render', { assetId: waiting });
    release();
    await closed;
    expect(assets).toEqual([running]);
    expect(signal.aborted).toBe(false);
    openConsumer().consume('render', handler);
    await vi.waitFor(() => expect(assets).toEqual([running, waiting]), patience);
  });

  test('closing past its deadline aborts the running job, which then runs elsewhere at no cost of an attempt', async () => {
    const { producer, openConsumer } = await setupQueue(kind, { attempts: 1 });
    const { handler: hold, started } = gated();
    const consumer = openConsumer();
    const assetId = randomUUID();
    await producer.add('render', { assetId });
    consumer.consume('render', hold);
    const signal = await started;
    await consumer.close(100);
    expect(signal.reason).toMatchObject({ code: 'service.unavailable' });
    const { assets, handler } = recorder();
    openConsumer().consume('render', handler);
    await vi.waitFor(() => expect(assets).toEqual([assetId]), patience);
  });

  test('closing returns even when a job ignores its signal', async () => {
    const { producer, openConsumer } = await setupQueue(kind);
    const started = Promise.withResolvers<void>();
    const consumer = openConsumer();
    await producer.add('render', { assetId: randomUUID() });
    consumer.consume('render', () => {
      started.resolve();
      return new Promise<void>(() => {});
    });
    await started.promise;
    const before = performance.now();
    await consumer.close(100);
    expect(performance.now() - before).toBeLessThan(10_000);
  });
});
