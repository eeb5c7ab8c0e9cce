import { randomUUID } from 'node:crypto';
import { AppError } from '@sheaf/domain/app-error';
import { describe, expect, test, vi } from 'vitest';
import { queueKinds } from '../../../test/harness/queue-backend.ts';
import { gated, patience, recorder, setupQueue } from '../../../test/harness/queue-setup.ts';

describe.each(queueKinds)('on %s', (kind) => {
  test('a job is handled once, with its payload', async () => {
    const { producer, openConsumer, errors } = await setupQueue(kind);
    const { assets, handler } = recorder();
    openConsumer().consume('render', handler, { concurrency: 1 });
    const ids = [randomUUID(), randomUUID(), randomUUID()];
    for (const assetId of ids) await producer.add('render', { assetId });
    await vi.waitFor(() => expect(assets).toContain(ids[2]), patience);
    expect(assets).toEqual(ids);
    expect(errors).toEqual([]);
  });

  test('an idle worker picks a job up at once', async () => {
    const { producer, openConsumer } = await setupQueue(kind);
    const { assets, handler } = recorder();
    openConsumer().consume('render', handler);
    await producer.add('render', { assetId: randomUUID() });
    await vi.waitFor(() => expect(assets).toHaveLength(1), patience);
    const added = performance.now();
    await producer.add('render', { assetId: randomUUID() });
    await vi.waitFor(() => expect(assets).toHaveLength(2), patience);
    // Well below 5 s, after which a worker that was not woken looks by itself. Unloaded it takes milliseconds.
    expect(performance.now() - added).toBeLessThan(3_000);
  });

  test('a job that fails runs again after growing pauses, as often as its definition says', async () => {
    const { producer, openConsumer } = await setupQueue(kind, { attempts: 3, backoffMs: 200 });
    const [failing, next] = [randomUUID(), randomUUID()];
    const runs: number[] = [];
    const { assets, handler } = recorder();
    openConsumer().consume('render', async (payload, signal) => {
      if (payload.assetId === next) return handler(payload, signal);
      runs.push(performance.now());
      throw new Error('refused');
    });
    await producer.add('render', { assetId: failing });
    await vi.waitFor(() => expect(runs).toHaveLength(3), patience);
    // Long enough for the fourth attempt that there must not be.
    await producer.add('render', { assetId: next }, { delayMs: 1_500 });
    await vi.waitFor(() => expect(assets).toEqual([next]), patience);
    expect(runs).toHaveLength(3);
    const [first = 0, second = 0, third = 0] = runs;
    expect(second - first).toBeGreaterThan(190);
    expect(third - second).toBeGreaterThan(390);
  });

  test('a job that fails with an error that is not retryable does not run again', async () => {
    const { producer, openConsumer } = await setupQueue(kind, { attempts: 3, backoffMs: 10 });
    const [failing, next] = [randomUUID(), randomUUID()];
    const assets: string[] = [];
    openConsumer().consume('render', async ({ assetId }) => {
      assets.push(assetId);
      if (assetId === failing) throw new AppError('render.failed', 'Not a picture.');
    });
    await producer.add('render', { assetId: failing });
    await producer.add('render', { assetId: next }, { delayMs: 500 });
    await vi.waitFor(() => expect(assets).toContain(next), patience);
    expect(assets).toEqual([failing, next]);
  });

  test('a job added again while it waits or runs is handled once', async () => {
    const { producer, openConsumer } = await setupQueue(kind);
    const [twice, last] = [randomUUID(), randomUUID()];
    const { assets, handler } = recorder();
    const { handler: hold, started, release } = gated();
    await producer.add('render', { assetId: twice });
    await producer.add('render', { assetId: twice });
    openConsumer().consume(
      'render',
      async (payload, signal) => {
        await handler(payload, signal);
        if (payload.assetId === twice) await hold(payload, signal);
      },
      { concurrency: 1 },
    );
    await started;
    await producer.add('render', { assetId: twice });
    await producer.add('render', { assetId: last });
    release();
    await vi.waitFor(() => expect(assets).toContain(last), patience);
    expect(assets).toEqual([twice, last]);
  });

  test.each([
    ['succeeded', undefined],
    ['failed for good', new AppError('render.failed', 'Not a picture.')],
  ])('an id can be used again once its job has %s', async (_how, error) => {
    const { producer, openConsumer } = await setupQueue(kind);
    const assetId = randomUUID();
    const { assets, handler } = recorder();
    openConsumer().consume('render', async (payload, signal) => {
      await handler(payload, signal);
      if (error) throw error;
    });
    await vi.waitFor(async () => {
      await producer.add('render', { assetId });
      expect(assets.length).toBeGreaterThanOrEqual(2);
    }, patience);
  });

  test('a delayed job does not run before its time', async () => {
    const { producer, openConsumer } = await setupQueue(kind);
    const { assets, handler } = recorder();
    openConsumer().consume('render', handler, { concurrency: 1 });
    const [later, sooner] = [randomUUID(), randomUUID()];
    const added = performance.now();
    await producer.add('render', { assetId: later }, { delayMs: 700 });
    await producer.add('render', { assetId: sooner });
    await vi.waitFor(() => expect(assets).toContain(later), patience);
    expect(performance.now() - added).toBeGreaterThan(690);
    expect(assets).toEqual([sooner, later]);
  });

  test('a job of higher priority runs first', async () => {
    const { producer, openConsumer } = await setupQueue(kind);
    const { assets, handler } = recorder();
    const [low, high] = [randomUUID(), randomUUID()];
    await producer.add('render', { assetId: low }, { priority: 9 });
    await producer.add('render', { assetId: high }, { priority: 1 });
    openConsumer().consume('render', handler, { concurrency: 1 });
    await vi.waitFor(() => expect(assets).toEqual([high, low]), patience);
  });

  test('a schedule repeats its job, once for all who asked for it', async () => {
    const { producer, openProducer, openConsumer } = await setupQueue(kind);
    const runs: number[] = [];
    openConsumer().consume('sweep', async () => void runs.push(performance.now()));
    await producer.schedule('sweep', 400);
    await openProducer().schedule('sweep', 400);
    await vi.waitFor(() => expect(runs.length).toBeGreaterThanOrEqual(4), patience);
    const [, second = 0, , fourth = 0] = runs;
    expect(fourth - second).toBeGreaterThan(700);
  });
});
