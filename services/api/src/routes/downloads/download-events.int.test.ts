import type { DownloadJson } from '@sheaf/contract/download';
import { heartbeatDownload } from '@sheaf/db/downloads/heartbeat-download';
import { disableUser } from '@sheaf/db/users/disable-user';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { TestApiOptions, TestUser } from '../../../../../test/harness/api.ts';
import { setupDownloads } from '../../../../../test/harness/downloads.ts';
import { type EventReader, readEvents } from '../../../../../test/harness/event-reader.ts';
import { buildApp } from '../../build-app.ts';

async function setup(options: TestApiOptions = {}) {
  const api = await setupDownloads(options);
  onTestFinished(api.close);
  const address = await api.app.listen({ port: 0, host: '127.0.0.1' });
  const { assetId } = await api.addAsset({ renditions: ['web'] });
  const read = (path: string, user: TestUser = api.users.requester, headers: Record<string, string> = {}) =>
    readEvents(`${address}/api/v1${path}`, { ...user.headers, ...headers });
  return {
    ...api,
    assetId,
    read,
    watch: (id: string, user?: TestUser, seen?: string) =>
      read(`/downloads/${id}/events`, user, seen === undefined ? {} : { 'last-event-id': seen }),
  };
}

const stateOf = (event: { data: unknown }) => (event.data as DownloadJson).state;
const inState = (state: DownloadJson['state']) => (event: { name: string; data: unknown }) =>
  event.name === 'download' && stateOf(event) === state;
const lastId = (reader: EventReader) => reader.events.at(-1)!.id;
const unknownId = '01900000-0000-7000-8000-000000000000';

describe('GET /downloads/{id}/events', () => {
  test('tells every state as it comes, with the progress, in the shape of GET', async () => {
    const api = await setup();
    const id = await api.request([api.assetId]);
    const reader = await api.watch(id);
    expect(reader.status).toBe(200);
    expect(reader.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    const first = await reader.until<DownloadJson>(inState('requested'));
    expect(first.data.progress.queuePosition).toBe(1);

    const { claim } = await api.pack(id);
    await reader.until(inState('packing'));
    await heartbeatDownload(api.db.orm, { ...claim, leaseSeconds: 60, entriesDone: 1, bytesDone: 700 });
    const moved = await reader.until<DownloadJson>(({ data }) => data.progress.bytesDone === 700);

    expect(moved.data.progress).toMatchObject({ entriesDone: 1, entriesTotal: 2, bytesTotal: 1_500 });
    const shown = (await api.get(`/downloads/${id}`)).json<DownloadJson>();
    expect({ ...moved.data, progress: null }).toEqual({ ...shown, progress: null });
    expect(moved.id).toBe(String(shown.version));
  });

  test.each([
    ['cancelled', 'cancel'],
    ['revoked', 'revoke'],
  ] as const)('ends with the last state when the download is %s, and does not begin again', async (state, action) => {
    const api = await setup();
    const id = await api.request([api.assetId]);
    if (action === 'revoke') await api.publish(id);
    const reader = await api.watch(id);
    await reader.until(({ name }) => name === 'download');

    expect((await api.post(`/downloads/${id}/${action}`, undefined)).statusCode).toBe(200);

    await reader.untilEnded();
    expect(reader.events.slice(-2).map(({ name, data }) => [name, data])).toEqual([
      ['download', expect.objectContaining({ state })],
      ['end', { reason: 'final' }],
    ]);
    const again = await api.watch(id, undefined, lastId(reader));
    expect([again.status, again.text()]).toEqual([204, '']);
  });

  test('tells the end of its time on the second, though nobody sweeps', async () => {
    const api = await setup();
    const id = await api.request([api.assetId]);
    await api.publish(id);
    const reader = await api.watch(id);
    const ready = await reader.until<DownloadJson>(inState('ready'));
    expect(ready.data.bundle!.parts[0]!.url).toMatch(/^\/d\//);

    api.clock.set(new Date(ready.data.expiresAt!));

    const expired = await reader.until<DownloadJson>(inState('expired'));
    expect(expired.data.bundle!.parts[0]!.url).toBeNull();
    await reader.untilEnded();
    // The sweep has not been there: nothing was written, and yet whoever comes back is told.
    const again = await api.watch(id, undefined, ready.id);
    await again.until(inState('expired'));
  });

  test('resumed, it tells what changed meanwhile and nothing that was told', async () => {
    const api = await setup();
    const id = await api.request([api.assetId]);
    await api.pack(id);
    const reader = await api.watch(id);
    const seen = (await reader.until(inState('packing'))).id;
    reader.close();

    const unchanged = await api.watch(id, undefined, seen);
    await api.post(`/downloads/${id}/cancel`, undefined);
    const asked = await unchanged.until<DownloadJson>(({ data }) => data.cancelRequestedAt !== null);
    expect(unchanged.events[0]).toEqual(asked);

    const later = await api.read(`/downloads/${id}/events?lastEventId=${seen}`);
    expect((await later.until(inState('packing'))).id).toBe(asked.id);
  });

  test('an administrator is told of the downloads of others, without their links', async () => {
    const api = await setup();
    const id = await api.request([api.assetId]);
    await api.publish(id);
    const reader = await api.watch(id, api.users.administrator);
    const ready = await reader.until<DownloadJson>(inState('ready'));
    expect(ready.data.bundle!.parts[0]!.url).toBeNull();
  });

  test("what is not the caller's is 404, as is what does not exist; without a user it is 401", async () => {
    const api = await setup();
    const id = await api.request([api.assetId]);
    const answers = [
      await api.watch(id, api.users.other),
      await api.watch(unknownId),
      await api.read(`/downloads/${id}/events`, undefined, { authorization: 'Bearer nothing' }),
      await api.watch('no-uuid'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 401, 400]);
  });

  test('a token that is revoked ends the stream at once, before anything else is told', async () => {
    const api = await setup();
    const id = await api.request([api.assetId]);
    const reader = await api.watch(id);
    await reader.until(inState('requested'));

    await api.db.transaction((tx) => disableUser(tx, api.users.requester.id, api.clock()));
    await api.post(`/downloads/${id}/cancel`, undefined, api.users.administrator);

    await reader.untilEnded();
    expect(reader.events.map(({ name, data }) => [name, name === 'end' ? data : stateOf({ data })])).toEqual([
      ['download', 'requested'],
      ['end', { reason: 'signed-out' }],
    ]);
    expect((await api.watch(id)).status).toBe(401);
  });

  test('an administrator who is one no longer is told nothing more', async () => {
    const api = await setup();
    const id = await api.request([api.assetId]);
    const reader = await api.watch(id, api.users.administrator);
    await reader.until(inState('requested'));
    await api.addUser('administrator');
    const administrator = await api.addUser('administrator');
    const changed = await api.app.inject({
      method: 'PATCH',
      url: `/api/v1/admin/users/${api.users.administrator.id}`,
      headers: administrator.headers,
      payload: { role: 'requester' },
    });
    expect(changed.statusCode, changed.body).toBe(200);
    await reader.untilEnded();
    expect(reader.events.at(-1)!.data).toEqual({ reason: 'not-allowed' });
  });

  test('more streams than a user may have are refused with the time to wait, and one that ends makes room', async () => {
    const api = await setup({ settings: { EVENT_STREAMS_PER_USER: 2 } });
    const id = await api.request([api.assetId]);
    const open = [await api.watch(id), await api.watch(id)];
    const refused = await api.watch(id);
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '10']);
    expect((await api.watch(id, api.users.administrator)).status).toBe(200);

    open[0]!.close();
    await vi.waitFor(async () => expect((await api.watch(id)).status).toBe(200), 5_000);
  });

  test('an api that stops ends its streams in good order, and the next one goes on where they stopped', async () => {
    const api = await setup();
    const id = await api.request([api.assetId]);
    const reader = await api.watch(id);
    const seen = (await reader.until(inState('requested'))).id;

    await api.app.close();

    await reader.untilEnded();
    expect(reader.events.some(({ name }) => name === 'end')).toBe(false);
    expect(reader.text()).toMatch(/^retry: 1\d\d\d\n/);
    await api.pack(id);
    const next = await buildApp(api.deps);
    onTestFinished(() => next.close());
    const address = await next.listen({ port: 0, host: '127.0.0.1' });
    const resumed = await readEvents(`${address}/api/v1/downloads/${id}/events`, {
      ...api.users.requester.headers,
      'last-event-id': seen,
    });
    await resumed.until(inState('packing'));
  });

  test('goes on telling while the connection that listens is cut, time and again', async () => {
    const api = await setup();
    const id = await api.request([api.assetId]);
    const reader = await api.watch(id);
    await reader.until(inState('requested'));
    const cut = () =>
      api.db.orm.execute(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and query ilike 'listen%sheaf_changes%'`,
      );
    expect((await cut()).length).toBe(1);
    const { claim } = await api.pack(id);
    await reader.until(inState('packing'));
    await cut();
    await heartbeatDownload(api.db.orm, { ...claim, leaseSeconds: 60, entriesDone: 1, bytesDone: 700 });
    await reader.until<DownloadJson>(({ data }) => data.progress.bytesDone === 700);
  });
});
