import { countWorkers } from '@sheaf/db/overview/count-workers';
import { recordLast } from '@sheaf/db/rollups/record-measures';
import { rollUp } from '@sheaf/db/rollups/roll-up';
import { measureStorage } from '@sheaf/db/storage/measure-storage';
import { heartbeatWorker } from '@sheaf/db/workers/heartbeat-worker';
import { timeRanges } from '@sheaf/domain/time-range';
import { describe, expect, onTestFinished, test } from 'vitest';
import { setupApi, type TestUser } from '../../../../../../test/harness/api.ts';
import { requestDownload } from '../../../../../../test/harness/request-download.ts';

const unknownId = '0197a0b1-c2d3-7e4f-8a5b-6c7d8e9f0a1b';
const hourMs = 3_600_000;

async function setup() {
  const api = await setupApi();
  onTestFinished(api.close);
  const { app, users, db, clock } = api;
  const get = (path: string, user: TestUser = users.administrator) =>
    app.inject({ url: `/api/v1/admin${path}`, headers: user.headers });
  const request = () => requestDownload(api, users.requester, { assetIds: [unknownId] });
  /** As the worker's sweep does it. */
  const count = async () => {
    for (const resolution of ['minute', 'quarter', 'hour', 'six-hours', 'day'] as const)
      await rollUp(db, resolution, { now: clock() });
  };
  const end = (id: string, sets: string) =>
    db.orm.execute(
      `update downloads set ${sets.replaceAll('now', `'${clock().toISOString()}'::timestamptz`)} where id = '${id}'`,
    );
  return { ...api, get, request, count, end };
}

describe('GET /admin/overview', () => {
  test('of an empty installation says that there is nothing, with a point for every step', async () => {
    const { get } = await setup();
    const overview = (await get('/overview')).json();
    expect(overview).toMatchObject({
      waiting: { downloads: 0, oldest: null },
      running: { downloads: 0 },
      lastHour: { requested: 0, ready: 0, failed: 0, readyP50Seconds: null, failures: [] },
      etaAccuracy: { predictions: 0, errorP50Seconds: null },
      workers: { alive: 0, stale: 0 },
      pausedQueues: [],
      storage: null,
      takers: { requesters: [], groups: [] },
      catalogue: { assets: false, downloads: false },
      series: { range: '24h', stepSeconds: 900 },
    });
    expect(overview.series.points).toHaveLength(96);
  });

  test('answers the questions of an administrator from what happened', async () => {
    const { get, request, count, end, db, users, clock, app } = await setup();
    const group = (
      await app.inject({
        method: 'POST',
        url: '/api/v1/admin/groups',
        headers: users.administrator.headers,
        payload: { name: 'Agency' },
      })
    ).json();
    await app.inject({
      method: 'PUT',
      url: `/api/v1/admin/groups/${group.id}/members/${users.requester.id}`,
      headers: users.administrator.headers,
    });
    const ready = await request();
    const failed = await request();
    const waiting = await request();
    clock.advance(20_000);
    await end(
      ready,
      `state = 'ready', ready_at = now, bytes_total = 5000, expected_ready_at = now - interval '4 seconds', expires_at = now + interval '1 day'`,
    );
    await end(failed, `state = 'failed', finished_at = now, error = '{"code": "storage.full", "message": "m"}'`);
    await heartbeatWorker(db.orm, { id: 'w', host: 'h', pid: 1, version: '1', rssBytes: 1 });
    await measureStorage(db.orm, { freeBytes: 10_000, totalBytes: 20_000 }, clock());
    await count();

    const overview = (await get('/overview?range=1h')).json();
    expect(overview).toMatchObject({
      waiting: { downloads: 1, oldest: { id: waiting, seconds: expect.closeTo(20, 0) } },
      lastHour: {
        requested: 3,
        ready: 1,
        failed: 1,
        cancelled: 0,
        bytes: 5_000,
        failures: [{ code: 'storage.full', count: 1 }],
      },
      etaAccuracy: { predictions: 1 },
      workers: { alive: 1, stale: 0 },
      storage: { usedBytes: 0, freeBytes: 10_000, growthBytesPerDay: null, daysUntilFull: null },
      takers: {
        requesters: [{ id: users.requester.id, name: 'requester', downloads: 1, bytes: 5_000 }],
        groups: [{ id: group.id, name: 'Agency', downloads: 1, bytes: 5_000 }],
      },
      catalogue: { downloads: true },
    });
    expect(overview.lastHour.readyP50Seconds / 20).toBeCloseTo(1, 0);
    expect(overview.etaAccuracy.errorP50Seconds / 4).toBeCloseTo(1, 0);
    const sum = (key: string) =>
      overview.series.points.reduce((total: number, point: Record<string, number>) => total + point[key]!, 0);
    expect(['requested', 'ready', 'failed', 'bytes'].map(sum)).toEqual([3, 1, 1, 5_000]);
  });

  test('tells how long the storage will last at the rate of the last week', async () => {
    const { get, db, clock } = await setup();
    const start = clock().getTime();
    await measureStorage(db.orm, { freeBytes: 2_400, totalBytes: 20_000 }, clock());
    for (const hours of [48, 24, 0]) {
      const sample = [{ measure: 'storage', bucket: 0, value: 10_000 - 100 * hours }];
      await recordLast(db.orm, new Date(start - hours * hourMs), sample);
    }
    const { storage } = (await get('/overview')).json();
    expect(storage.growthBytesPerDay).toBeCloseTo(2_400, 0);
    expect(storage.daysUntilFull).toBeCloseTo(1, 3);
    expect((await get('/storage')).json().daysUntilFull).toBeCloseTo(1, 3);
  });

  test.each(timeRanges)('has a series of %s', async (range) => {
    const { get } = await setup();
    const { series } = (await get(`/overview?range=${range}`)).json();
    const [first, second] = series.points;
    expect(series.range).toBe(range);
    expect(Date.parse(second.at) - Date.parse(first.at)).toBe(series.stepSeconds * 1_000);
  });

  test('refuses a range that there is not, and everybody else', async () => {
    const { get, users } = await setup();
    expect((await get('/overview?range=2h')).json()).toMatchObject({ status: 400, code: 'input.invalid' });
    expect((await get('/overview', users.auditor)).statusCode).toBe(200);
    expect((await get('/overview', users.requester)).statusCode).toBe(403);
  });
});

describe('GET /admin/workers', () => {
  test('shows what each runs, marks the one that fell silent, and tells no more of one that has for long', async () => {
    const { get, db, request } = await setup();
    const downloadId = await request();
    const startedAt = new Date().toISOString();
    const jobs = [
      { queue: 'pack', jobId: 'pack-1', downloadId, startedAt },
      { queue: 'notify', jobId: 'n', downloadId: null, startedAt },
    ];
    await heartbeatWorker(db.orm, { id: 'dead', host: 'c', pid: 6, version: '1.2.3', rssBytes: 9 });
    await db.orm.execute(`update workers set heartbeat_at = now() - interval '6 minutes'`);
    await heartbeatWorker(db.orm, { id: 'silent', host: 'a', pid: 7, version: '1.2.3', rssBytes: 9 });
    await db.orm.execute(`update workers set heartbeat_at = least(heartbeat_at, now() - interval '90 seconds')`);
    await heartbeatWorker(db.orm, { id: 'alive', host: 'b', pid: 8, version: '1.2.3', rssBytes: 10, jobs });
    const { workers } = (await get('/workers')).json();
    expect(workers).toMatchObject([
      { id: 'silent', host: 'a', pid: 7, version: '1.2.3', rssBytes: 9, stale: true, jobs: [] },
      {
        id: 'alive',
        stale: false,
        jobs: [
          { queue: 'pack', startedAt, download: { id: downloadId, bytesDone: 0 } },
          { queue: 'notify', startedAt, download: null },
        ],
      },
    ]);
    expect(workers[0].heartbeatAgeSeconds).toBeCloseTo(90, 0);
    expect(await countWorkers(db.orm)).toEqual({ alive: 1, stale: 1 });
  });

  test('is for administrators and auditors', async () => {
    const { get, users } = await setup();
    expect((await get('/workers', users.auditor)).statusCode).toBe(200);
    expect((await get('/workers', users.requester)).statusCode).toBe(403);
  });
});

describe('GET /admin/storage', () => {
  test('tells nothing before anybody has measured, and then what is stored', async () => {
    const { get, db, clock } = await setup();
    expect((await get('/storage')).json()).toMatchObject({ measuredAt: null, usedBytes: 0, disk: null, history: [] });
    await db.orm.execute(
      `insert into blobs (sha256, size, crc32) values ('${'a'.repeat(64)}', 700, 1), ('${'b'.repeat(64)}', 300, 1)`,
    );
    await measureStorage(db.orm, { freeBytes: 5, totalBytes: 9 }, clock());
    const storage = (await get('/storage')).json();
    expect(storage).toMatchObject({
      usedBytes: 1_000,
      blobs: { files: 2, bytes: 1_000 },
      disk: { freeBytes: 5, totalBytes: 9 },
    });
    expect(storage.history).toMatchObject([{ usedBytes: 1_000 }]);
  });

  test('is for administrators and auditors', async () => {
    const { get, users } = await setup();
    expect((await get('/storage', users.auditor)).statusCode).toBe(200);
    expect((await get('/storage', users.requester)).statusCode).toBe(403);
  });
});
