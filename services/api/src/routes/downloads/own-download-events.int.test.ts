import type { DownloadJson } from '@sheaf/contract/download';
import type { ChangedJson } from '@sheaf/contract/live-events';
import { heartbeatWorker } from '@sheaf/db/workers/heartbeat-worker';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { TestUser } from '../../../../../test/harness/api.ts';
import { setupDownloads } from '../../../../../test/harness/downloads.ts';
import { readEvents } from '../../../../../test/harness/event-reader.ts';

async function setup() {
  const api = await setupDownloads();
  onTestFinished(api.close);
  const address = await api.app.listen({ port: 0, host: '127.0.0.1' });
  const { assetId } = await api.addAsset();
  const read = (path: string, user: TestUser = api.users.requester, seen?: string) =>
    readEvents(`${address}/api/v1${path}`, { ...user.headers, ...(seen !== undefined && { 'last-event-id': seen }) });
  return { ...api, assetId, read, watch: (seen?: string) => read('/downloads/events', undefined, seen) };
}

const is = (id: string, state: DownloadJson['state']) => (event: { name: string; data: DownloadJson }) =>
  event.name === 'download' && event.data.id === id && event.data.state === state;

describe('GET /downloads/events', () => {
  test("tells what is under way, then every change of the caller's downloads, new ones too, and nobody else's", async () => {
    const api = await setup();
    const first = await api.request([api.assetId]);
    const reader = await api.watch();
    await reader.until<DownloadJson>(is(first, 'requested'));
    await reader.until(({ name }) => name === 'open');
    const theirs = await api.request([api.assetId], {}, api.users.other);

    const second = await api.request([api.assetId]);
    await reader.until<DownloadJson>(is(second, 'requested'));
    await api.publish(first);
    await reader.until<DownloadJson>(is(first, 'ready'));

    expect(JSON.stringify(reader.events)).not.toContain(theirs);
  });

  test('resumed, it begins with everything that changed meanwhile, whatever order that was committed in', async () => {
    const api = await setup();
    const [slow, quick] = [await api.request([api.assetId]), await api.request([api.assetId])];
    const reader = await api.watch();
    await reader.until(({ name }) => name === 'open');
    // Begun before what is seen next, committed after it.
    const begun = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const late = api.db.transaction(async (tx) => {
      await tx.execute(`update downloads set name = 'late' where id = '${slow}'`);
      begun.resolve();
      await finish.promise;
    });
    await begun.promise;
    await api.post(`/downloads/${quick}/cancel`, undefined);
    const seen = await reader.until<DownloadJson>(is(quick, 'cancelled'));
    reader.close();
    finish.resolve();
    await late;
    await api.post(`/downloads/${slow}/cancel`, undefined);

    const resumed = await api.watch(seen.id);

    const told = await resumed.until<DownloadJson>(is(slow, 'cancelled'));
    expect(told.data.name).toBe('late');
  });

  test('a change that was begun before another and committed after it is told to whoever stays', async () => {
    const api = await setup();
    const [slow, quick] = [await api.request([api.assetId]), await api.request([api.assetId])];
    const reader = await api.watch();
    const begun = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const late = api.db.transaction(async (tx) => {
      await tx.execute(`update downloads set name = 'late' where id = '${slow}'`);
      begun.resolve();
      await finish.promise;
    });
    await begun.promise;
    await api.post(`/downloads/${quick}/cancel`, undefined);
    await reader.until<DownloadJson>(is(quick, 'cancelled'));
    finish.resolve();
    await late;
    await reader.until<DownloadJson>(({ data }) => data.name === 'late');
  });

  test('an id that is not of this server, or from long ago, has the list read anew', async () => {
    const api = await setup();
    const reader = await api.watch('999999999999999999');
    await reader.until(({ name }) => name === 'missed');
    const garbled = await api.watch('1; drop table downloads');
    expect(garbled.status).toBe(200);
    await garbled.until(({ name }) => name === 'open');
  });

  test('a place in the queue is told when others leave it', async () => {
    const api = await setup();
    const theirs = await api.request([api.assetId], {}, api.users.other);
    const mine = await api.request([api.assetId]);
    const reader = await api.watch();
    const place = (n: number) => reader.until<DownloadJson>(({ data }) => data.progress?.queuePosition === n);
    expect((await place(2)).data.id).toBe(mine);
    await api.post(`/downloads/${theirs}/cancel`, undefined, api.users.other);
    expect((await place(1)).data.id).toBe(mine);
  });

  test('more than two hundred changes at once are told as one: read the list anew', async () => {
    const api = await setup();
    await api.request([api.assetId]);
    const reader = await api.watch();
    await reader.until(({ name }) => name === 'open');
    reader.pause();
    await api.db.orm.execute(
      `insert into downloads (id, requester_id, name, request, background, included, excluded)
       select gen_random_uuid(), requester_id, 'many', request, true, 1, 0 from downloads, generate_series(1, 1200)`,
    );
    reader.resume();
    await reader.until(({ name }) => name === 'missed');
    expect(reader.events.length).toBeLessThan(210);
  });
});

describe('GET /admin/events', () => {
  test('names everything first, then what has changed, at most a few times in a second', async () => {
    const api = await setup();
    const reader = await api.read('/admin/events', api.users.administrator);
    const first = await reader.until<ChangedJson>(({ name }) => name === 'changed');
    expect(first.data.topics).toEqual(['downloads', 'queues', 'workers']);
    // What subscribing itself tells.
    await vi.waitFor(() => expect(reader.events.length).toBe(2), 3_000);

    await heartbeatWorker(api.db.orm, { id: 'w', host: 'h', pid: 1, version: '1', rssBytes: 1 });
    await vi.waitFor(() => expect(reader.events.length).toBe(3), 3_000);
    expect(reader.events[2]!.data).toEqual({ topics: ['workers'] });
    const started = performance.now();
    const id = await api.request([api.assetId]);
    for (let n = 0; n < 40; n += 1) {
      await api.db.orm.execute(`update downloads set bytes_done = ${n + 1} where id = '${id}'`);
    }
    const seconds = (performance.now() - started) / 1_000;
    expect(reader.events.length).toBeLessThanOrEqual(3 + Math.ceil(seconds * 2) + 1);
    await reader.until<ChangedJson>(({ data }) => data.topics.join() === 'downloads,queues');
  });

  test('is closed to requesters and to nobody', async () => {
    const api = await setup();
    expect((await api.read('/admin/events')).status).toBe(403);
    expect((await api.read('/admin/events', { headers: {} } as TestUser)).status).toBe(401);
  });
});
