import { describe, expect, test, vi } from 'vitest';
import { queueKinds } from '../../../test/harness/queue-backend.ts';
import { gated, patience, recorder, setupQueue } from '../../../test/harness/queue-setup.ts';
import type { JobObserver } from './observe-job.ts';

const asset = (number: number) => ({ assetId: `0198a000-0000-7000-8000-${String(number).padStart(12, '0')}` });

describe.each(queueKinds)('a consumer on %s', (kind) => {
  test('puts a job back that may not run now, takes no other, and runs both once each when resumed', async () => {
    const { producer, openConsumer } = await setupQueue(kind);
    const { assets, handler } = recorder();
    let allowed = false;
    const asked = vi.fn(async () => allowed);
    const consumer = openConsumer({ mayRun: asked });
    consumer.consume('render', handler);
    await producer.add('render', asset(1));
    await vi.waitFor(() => expect(asked).toHaveBeenCalled(), patience);
    await producer.add('render', asset(2));
    allowed = true;
    expect(assets).toEqual([]);
    consumer.resume('render');
    await vi.waitFor(() => expect(assets.toSorted()).toEqual([asset(1).assetId, asset(2).assetId]), patience);
  });

  test('paused, lets what runs go on to its end, and resumed at once takes more beside it', async () => {
    const { producer, openConsumer } = await setupQueue(kind);
    const first = gated();
    const { assets, handler } = recorder();
    const consumer = openConsumer();
    consumer.consume('render', (payload, signal) =>
      payload.assetId === asset(1).assetId ? first.handler(payload, signal) : handler(payload, signal),
    );
    await producer.add('render', asset(1));
    const signal = await first.started;
    consumer.pause('render');
    await producer.add('render', asset(2));
    consumer.resume('render');
    await vi.waitFor(() => expect(assets).toEqual([asset(2).assetId]), patience);
    expect(signal.aborted).toBe(false);
    first.release();
  });

  test('runs more jobs at once as soon as it may', async () => {
    const { producer, openConsumer } = await setupQueue(kind);
    const gates = [gated(), gated()];
    const consumer = openConsumer();
    let next = 0;
    consumer.consume('render', (payload, signal) => gates[next++]!.handler(payload, signal), { concurrency: 1 });
    consumer.setConcurrency('render', 2);
    await producer.add('render', asset(1));
    await producer.add('render', asset(2));
    await Promise.all(gates.map(({ started }) => started));
    for (const gate of gates) gate.release();
  });

  test('tells of each job when it starts and how it ended', async () => {
    const { producer, openConsumer } = await setupQueue(kind, { attempts: 1 });
    const told: unknown[] = [];
    const observer: JobObserver = {
      started: ({ name, payload }) => told.push(['started', name, payload]),
      ended: ({ name }, { failed, waitedMs, ranMs }) =>
        told.push(['ended', name, failed, waitedMs !== null && waitedMs >= 0, ranMs >= 0]),
    };
    const consumer = openConsumer({ observer });
    consumer.consume('render', async () => {
      throw new Error('broken');
    });
    await producer.add('render', asset(1));
    await vi.waitFor(() => expect(told).toHaveLength(2), patience);
    expect(told).toEqual([
      ['started', 'render', asset(1)],
      ['ended', 'render', true, true, true],
    ]);
  });
});
