import { setQueue } from '@sheaf/db/queues/set-queue';
import type { QueueName } from '@sheaf/domain/queue-name';
import { createJobProducer } from '@sheaf/queue/job-producer';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { openQueueBackend, queueKinds } from '../../../test/harness/queue-backend.ts';
import { setupWorker } from '../../../test/harness/worker.ts';

const patience = { timeout: 20_000, interval: 50 };

describe.each(queueKinds)('a paused queue on %s', (kind) => {
  async function setup() {
    const { backend, remove } = await openQueueBackend(kind);
    onTestFinished(remove);
    const worker = await setupWorker();
    const producer = createJobProducer(backend, { onError: () => {} });
    onTestFinished(producer.close);
    const pause = (name: QueueName) =>
      worker.db.transaction((tx) => setQueue(tx, name, { pausedAt: new Date(), pauseReason: 'test' }));
    const resume = (name: QueueName) =>
      worker.db.transaction((tx) => setQueue(tx, name, { pausedAt: null, pauseReason: null }));
    const state = async (downloadId: string) => {
      const rows = await worker.db.orm.execute(
        `select state, epoch, lease_until from downloads where id = '${downloadId}'`,
      );
      return rows[0]!;
    };
    /** Long enough for whatever is not paused: another queue's job went all the way, asked for after the others. */
    const othersHaveWorked = async () => {
      await worker.addPicture(`${crypto.randomUUID()}.jpg`);
      await vi.waitFor(async () => {
        const [row] = await worker.db.orm.execute("select count(*)::int as n from renditions where state = 'pending'");
        expect(row?.n).toBe(0);
      }, patience);
    };
    return { worker, backend, producer, pause, resume, state, othersHaveWorked };
  }

  test('begins nothing, neither what is asked for nor what is queued, while the others work; resumed, it does all of it', async () => {
    const { worker, backend, producer, pause, resume, state, othersHaveWorked } = await setup();
    await worker.start(backend);
    await worker.start(backend);
    const { assetId } = await worker.addAsset();
    await pause('gather');
    const asked = await worker.request({ assetIds: [assetId] });
    const queued = await worker.request({ assetIds: [assetId] });
    await producer.add('gather', { downloadId: queued, epoch: 0 });

    await othersHaveWorked();

    for (const downloadId of [asked, queued]) {
      expect(await state(downloadId)).toEqual({ state: 'requested', epoch: 0, lease_until: null });
    }
    const [outbox] = await worker.db.orm.execute("select count(*)::int as n from outbox where job = 'gather'");
    expect(outbox?.n).toBeGreaterThanOrEqual(2);

    await resume('gather');
    for (const downloadId of [asked, queued]) {
      await vi.waitFor(async () => expect((await state(downloadId)).state).toBe('ready'), patience);
    }
  });

  test('stops a download between its steps', async () => {
    const { worker, backend, pause, resume, state, othersHaveWorked } = await setup();
    await pause('pack');
    await worker.start(backend);
    const { assetId } = await worker.addAsset();
    const downloadId = await worker.request({ assetIds: [assetId] });

    await vi.waitFor(async () => expect((await state(downloadId)).state).toBe('packing'), patience);
    await othersHaveWorked();
    expect(await state(downloadId)).toEqual({ state: 'packing', epoch: 1, lease_until: null });

    await resume('pack');
    await vi.waitFor(async () => expect((await state(downloadId)).state).toBe('ready'), patience);
  });
});
