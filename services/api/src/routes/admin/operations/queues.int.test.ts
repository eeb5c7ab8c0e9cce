import { addToMeasures } from '@sheaf/db/rollups/record-measures';
import { bucketOf } from '@sheaf/domain/histogram';
import { describe, expect, onTestFinished, test } from 'vitest';
import { setupApi, type TestUser } from '../../../../../../test/harness/api.ts';
import { requestDownload } from '../../../../../../test/harness/request-download.ts';

const unknownId = '0197a0b1-c2d3-7e4f-8a5b-6c7d8e9f0a1b';

async function setup() {
  const api = await setupApi();
  onTestFinished(api.close);
  const { app, users, db } = api;
  const call = (method: 'POST' | 'PATCH', path: string, payload: object, user: TestUser = users.administrator) =>
    app.inject({ method, url: `/api/v1/admin/queues${path}`, headers: user.headers, payload });
  const list = async (user: TestUser = users.administrator) =>
    app.inject({ url: '/api/v1/admin/queues', headers: user.headers });
  const queue = async (name: string) =>
    (await list()).json().queues.find((candidate: { name: string }) => candidate.name === name);
  const audited = async () => [
    ...(await db.orm.execute(
      `select action, actor_id, record::jsonb -> 'detail' as detail from audit_events order by seq`,
    )),
  ];
  return { ...api, call, list, queue, audited };
}

describe('GET /admin/queues', () => {
  test('shows what waits, since when, and the rates of the last hour', async () => {
    const api = await setup();
    const { db, users, clock, queue } = api;
    await requestDownload(api, users.requester, { assetIds: [unknownId] });
    clock.advance(30_000);
    await addToMeasures(db.orm, clock(), [
      { measure: 'run:gather', bucket: bucketOf(1_000), value: 120 },
      { measure: 'failed:gather', bucket: 0, value: 3 },
      { measure: 'wait:gather', bucket: bucketOf(8), value: 117 },
    ]);
    const gather = await queue('gather');
    expect(gather).toMatchObject({
      depth: { waiting: 1, running: 0, scheduled: 0 },
      oldestSeconds: expect.closeTo(30, 0),
      lastHour: { jobs: 120, failed: 3, perMinute: 2 },
      paused: null,
      concurrency: null,
    });
    expect(gather.lastHour.runP50Seconds).toBeCloseTo(0.87, 1);
    expect(gather.lastHour.waitP95Seconds).toBeLessThan(0.012);
    expect(await queue('pack')).toMatchObject({
      depth: { waiting: 0 },
      oldestSeconds: null,
      lastHour: { runP50Seconds: null },
    });
  });

  test('is for administrators and auditors', async () => {
    const { list, users } = await setup();
    expect((await list(users.auditor)).statusCode).toBe(200);
    for (const user of [users.requester, users.contributor]) {
      expect((await list(user)).json()).toMatchObject({ status: 403, code: 'auth.forbidden' });
    }
  });
});

describe('POST /admin/queues/{name}/pause and /resume', () => {
  test('pause with a reason that is shown and audited, and resume', async () => {
    const { call, queue, users, clock, audited } = await setup();
    const paused = await call('POST', '/pack/pause', { reason: ' The disk is being changed. ' });
    const told = {
      since: clock().toISOString(),
      by: { id: users.administrator.id, name: 'administrator' },
      reason: 'The disk is being changed.',
    };
    expect([paused.statusCode, paused.json().paused]).toEqual([200, told]);
    expect((await queue('pack')).paused).toEqual(told);
    expect((await queue('gather')).paused).toBeNull();
    const resumed = await call('POST', '/pack/resume', { reason: 'It is done.' });
    expect([resumed.statusCode, resumed.json().paused]).toEqual([200, null]);
    expect(await audited()).toMatchObject([
      {
        action: 'queue.paused',
        actor_id: users.administrator.id,
        detail: { queue: 'pack', reason: 'The disk is being changed.' },
      },
      { action: 'queue.resumed', detail: { queue: 'pack', reason: 'It is done.', pausedSince: told.since } },
    ]);
  });

  test('of two who pause at once one is told that it is paused already', async () => {
    const { call, audited } = await setup();
    const answers = await Promise.all([1, 2, 3].map(() => call('POST', '/pack/pause', { reason: 'r' })));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409, 409]);
    expect(await audited()).toHaveLength(1);
    expect((await call('POST', '/gather/resume', { reason: 'r' })).json()).toMatchObject({
      status: 409,
      code: 'resource.conflict',
    });
  });

  test.each([{}, { reason: '' }, { reason: '  ' }, { reason: 'r'.repeat(501) }, { reason: 'r', other: 1 }])(
    'without a proper reason nothing is paused: %j',
    async (body) => {
      const { call, queue, audited } = await setup();
      expect((await call('POST', '/pack/pause', body)).json()).toMatchObject({ status: 400, code: 'input.invalid' });
      expect([(await queue('pack')).paused, await audited()]).toEqual([null, []]);
    },
  );

  test('there is no other queue, and the sweep cannot be paused', async () => {
    const { call } = await setup();
    for (const name of ['sweep', 'other']) {
      expect((await call('POST', `/${name}/pause`, { reason: 'r' })).statusCode).toBe(400);
    }
  });

  test('is for administrators', async () => {
    const { call, users, queue } = await setup();
    for (const user of [users.auditor, users.requester]) {
      for (const path of ['/pack/pause', '/pack/resume']) {
        expect((await call('POST', path, { reason: 'r' }, user)).statusCode).toBe(403);
      }
    }
    expect((await queue('pack')).paused).toBeNull();
  });
});

describe('PATCH /admin/queues/{name}', () => {
  test('sets how many jobs each worker runs at once, and takes it back, audited', async () => {
    const { call, queue, audited } = await setup();
    const answer = await call('PATCH', '/pack', { concurrency: 6, reason: 'More cores' });
    expect([answer.statusCode, answer.json().concurrency]).toEqual([200, 6]);
    await call('PATCH', '/pack', { concurrency: null, reason: 'Fewer cores' });
    expect((await queue('pack')).concurrency).toBeNull();
    expect(await audited()).toMatchObject([
      {
        action: 'queue.changed',
        detail: { before: { concurrency: null }, after: { concurrency: 6 }, reason: 'More cores' },
      },
      { action: 'queue.changed', detail: { before: { concurrency: 6 }, after: { concurrency: null } } },
    ]);
  });

  test.each([
    [{ concurrency: 0, reason: 'r' }],
    [{ concurrency: 65, reason: 'r' }],
    [{ concurrency: 1.5, reason: 'r' }],
    [{ concurrency: 2 }],
    [{ reason: 'r' }],
  ])('refuses %j and changes nothing', async (body) => {
    const { call, queue } = await setup();
    expect((await call('PATCH', '/pack', body)).statusCode).toBe(400);
    expect((await queue('pack')).concurrency).toBeNull();
  });

  test('is for administrators', async () => {
    const { call, users } = await setup();
    expect((await call('PATCH', '/pack', { concurrency: 2, reason: 'r' }, users.auditor)).statusCode).toBe(403);
  });
});
