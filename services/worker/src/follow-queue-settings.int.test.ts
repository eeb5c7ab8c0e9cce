import { createDatabase } from '@sheaf/db/database';
import { setQueue } from '@sheaf/db/queues/set-queue';
import { queueNames } from '@sheaf/domain/queue-name';
import { createLogger } from '@sheaf/runtime/logger';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createTestDatabase } from '../../../test/harness/postgres.ts';
import { followQueueSettings } from './follow-queue-settings.ts';

const defaults = { gather: 2, pack: 2, render: 3, derive: 4, notify: 8, scrub: 1 };

async function setup() {
  const database = await createTestDatabase();
  onTestFinished(database.drop);
  const db = createDatabase(database.url, { maxConnections: 3 });
  onTestFinished(() => db.close());
  const paused = new Set<string>();
  const concurrency = new Map<string, number>();
  const consumer = {
    pause: (name: string) => void paused.add(name),
    resume: (name: string) => void paused.delete(name),
    setConcurrency: (name: string, jobs: number) => void concurrency.set(name, jobs),
  };
  const logger = createLogger({ level: 'silent', name: 'test' });
  const follow = async () => {
    const followed = await followQueueSettings({ db, logger, consumer, defaults });
    onTestFinished(() => followed.close());
    return followed;
  };
  const set = (...args: Parameters<typeof setQueue> extends [unknown, ...infer Rest] ? Rest : never) =>
    db.transaction((tx) => setQueue(tx, ...args));
  return { set, follow, paused, concurrency };
}

test('a worker begins with what was set before it started, and with its own settings for the rest', async () => {
  const { set, follow, paused, concurrency } = await setup();
  await set('render', { pausedAt: new Date(), pauseReason: 'r' });
  await set('pack', { concurrency: 9 });
  const followed = await follow();
  expect([...paused]).toEqual(['render']);
  expect(queueNames.map((name) => concurrency.get(name))).toEqual([2, 9, 3, 4, 8, 1]);
  expect(followed.downloadsAtOnce()).toBe(9);
});

test('a live worker follows each change, and goes back to its own setting', async () => {
  const { set, follow, paused, concurrency } = await setup();
  await follow();
  await set('gather', { pausedAt: new Date(), pauseReason: 'r', concurrency: 5 });
  await vi.waitFor(() => expect([[...paused], concurrency.get('gather')]).toEqual([['gather'], 5]));
  await set('gather', { pausedAt: null, pauseReason: null, concurrency: null });
  await vi.waitFor(() => expect([[...paused], concurrency.get('gather')]).toEqual([[], 2]));
});
