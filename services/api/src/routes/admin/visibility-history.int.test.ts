import { deleteGroup } from '@sheaf/db/groups/delete-group';
import { insertGroup } from '@sheaf/db/groups/insert-group';
import { auditEvents } from '@sheaf/db/schema/evidence';
import { defaultVisibility, type VisibilityConfiguration } from '@sheaf/domain/visibility-configuration';
import { describe, expect, onTestFinished, test } from 'vitest';
import { setupApi, type TestUser } from '../../../../../test/harness/api.ts';

async function setup() {
  const now = new Date('2026-06-01T00:00:00.000Z');
  const api = await setupApi({ now });
  onTestFinished(api.close);
  const { app, users } = api;
  const url = '/api/v1/admin/visibility';
  const get = (path = '', user: TestUser = users.administrator) =>
    app.inject({ url: url + path, headers: user.headers });
  const put = (changes: Partial<VisibilityConfiguration>) =>
    app.inject({
      method: 'PUT',
      url,
      headers: users.administrator.headers,
      payload: { configuration: { ...defaultVisibility, ...changes } },
    });
  const rollBack = (payload: object, user: TestUser = users.administrator, headers: object = {}) =>
    app.inject({ method: 'POST', url: `${url}/rollback`, headers: { ...user.headers, ...headers }, payload });
  const author = { id: users.administrator.id, name: users.administrator.name };
  return { ...api, now, get, put, rollBack, author };
}

describe('GET /admin/visibility/versions', () => {
  test('lists who changed what, and when, newest first and by pages', async () => {
    const { get, put, clock, author, now } = await setup();
    expect((await get('/versions')).json()).toEqual({ items: [], nextCursor: null });
    await put({ expiredVisible: true, background: { ...defaultVisibility.background, maxAssets: 3 } });
    clock.advance(60_000);
    await put({ expiredVisible: true, expiredDownloadable: true });
    const newest = (await get('/versions?limit=1')).json();
    expect(newest.items).toEqual([
      {
        version: 2,
        changedBy: author,
        changedAt: clock().toISOString(),
        rolledBackTo: null,
        changes: [
          { field: 'expiredDownloadable', before: false, after: true },
          { field: 'background.maxAssets', before: 3, after: 10 },
        ],
      },
    ]);
    const rest = (await get(`/versions?limit=1&cursor=${newest.nextCursor}`)).json();
    expect(rest).toMatchObject({
      items: [
        {
          version: 1,
          changedAt: now.toISOString(),
          changes: [
            { field: 'expiredVisible', before: false, after: true },
            { field: 'background.maxAssets', before: 10, after: 3 },
          ],
        },
      ],
      nextCursor: null,
    });
  });

  test('takes no cursor that we did not give', async () => {
    const { get } = await setup();
    expect((await get('/versions?cursor=zzz')).json()).toMatchObject({ status: 400, errors: [{ path: '/cursor' }] });
  });
});

describe('GET /admin/visibility/versions/{version}', () => {
  test('is the whole configuration with what it changed; version 0 is the default', async () => {
    const { get, put, author } = await setup();
    await put({ linkTtlHours: 1 });
    expect((await get('/versions/1')).json()).toMatchObject({
      version: 1,
      configuration: { ...defaultVisibility, linkTtlHours: 1 },
      changedBy: author,
      changes: [{ field: 'linkTtlHours', before: 168, after: 1 }],
    });
    expect((await get('/versions/0')).json()).toMatchObject({
      version: 0,
      configuration: defaultVisibility,
      changedBy: null,
      changes: [],
    });
  });

  test('one that is not there is 404, one that is no number 400', async () => {
    const { get } = await setup();
    expect((await get('/versions/1')).statusCode).toBe(404);
    expect((await get('/versions/x')).statusCode).toBe(400);
  });
});

describe('GET /admin/visibility?at=', () => {
  test('is what was in force then: the default before the first change, of a time to come what is now', async () => {
    const { get, put, clock, now } = await setup();
    await put({ linkTtlHours: 1 });
    clock.advance(60_000);
    await put({ linkTtlHours: 2 });
    const at = async (seconds: number) =>
      (await get(`?at=${new Date(now.getTime() + seconds * 1_000).toISOString()}`)).json().version;
    expect([await at(-1), await at(0), await at(59), await at(60), await at(1e8)]).toEqual([0, 1, 1, 2, 2]);
    const zone = encodeURIComponent('2026-06-01T02:00:30+02:00');
    expect((await get(`?at=${zone}`)).json().version).toBe(1);
  });

  test.each(['yesterday', '2026-06-01', '0000-01-01T00:00:00Z'])('%s is no time', async (at) => {
    const { get } = await setup();
    const answer = (await get(`?at=${at}`)).json();
    expect(answer).toMatchObject({ status: 400, code: 'input.invalid', errors: [{ path: '/at' }] });
  });
});

describe('POST /admin/visibility/rollback', () => {
  test('puts an older configuration in force as a new version that says so, also in the audit log', async () => {
    const { get, put, rollBack, author, db } = await setup();
    await put({ linkTtlHours: 1 });
    await put({ linkTtlHours: 2 });
    const answer = await rollBack({ version: 1, readVersion: 2, reason: 'Links died too early' });
    expect([answer.statusCode, answer.headers.location]).toEqual([201, '/api/v1/admin/visibility/versions/3']);
    const restored = { version: 3, rolledBackTo: 1, configuration: { ...defaultVisibility, linkTtlHours: 1 } };
    expect(answer.json()).toMatchObject({ ...restored, changedBy: author });
    expect((await get()).json()).toMatchObject(restored);
    expect((await get('/versions?limit=1')).json().items).toMatchObject([
      { rolledBackTo: 1, changes: [{ field: 'linkTtlHours', before: 2, after: 1 }] },
    ]);
    const events = await db.orm.select().from(auditEvents).orderBy(auditEvents.seq);
    expect(JSON.parse(events.at(-1)!.record)).toMatchObject({
      action: 'visibility.changed',
      detail: { version: 3, rolledBackTo: 1, reason: 'Links died too early' },
    });
  });

  test('leads back to the default, too', async () => {
    const { put, rollBack } = await setup();
    await put({ linkTtlHours: 1 });
    expect((await rollBack({ version: 0 })).json()).toMatchObject({
      version: 2,
      rolledBackTo: 0,
      configuration: defaultVisibility,
    });
  });

  test('a repeated one with the same Idempotency-Key makes one version', async () => {
    const { put, rollBack, users, db } = await setup();
    await put({ linkTtlHours: 1 });
    const again = () => rollBack({ version: 0 }, users.administrator, { 'idempotency-key': 'k' });
    expect((await again()).json()).toEqual((await again()).json());
    expect(await db.orm.query.visibilityVersions.findMany()).toHaveLength(2);
  });

  test('to a version that names a group which is gone is refused and changes nothing', async () => {
    const { put, rollBack, get, db, clock } = await setup();
    const fields = { name: 'Press', claim: null, dynamicRenditions: false, quota: null };
    const groupId = await insertGroup(db.orm, fields, clock());
    await put({ groupRules: [{ groupId, effect: 'deny', kinds: [], name: null }] });
    await put({});
    await deleteGroup(db.orm, groupId);
    const answer = await rollBack({ version: 1 });
    expect(answer.json()).toMatchObject({ status: 400, code: 'input.invalid', errors: [{ path: '/version' }] });
    expect(answer.json().errors[0].message).toContain('/configuration/groupRules/0/groupId');
    expect((await get()).json().version).toBe(2);
  });

  test('is a conflict where somebody else was faster, 404 for a version that is not there, 400 for none', async () => {
    const { put, rollBack } = await setup();
    await put({ linkTtlHours: 1 });
    const late = await rollBack({ version: 0, readVersion: 0 });
    expect([late.statusCode, late.json().code]).toEqual([409, 'resource.conflict']);
    expect((await rollBack({ version: 7 })).statusCode).toBe(404);
    for (const body of [{}, { version: -1 }, { version: '1' }, { version: 0, other: 1 }]) {
      expect((await rollBack(body)).statusCode).toBe(400);
    }
  });
});

test('the history is for administrators', async () => {
  const { get, rollBack, users } = await setup();
  for (const path of ['/versions', '/versions/0', '?at=2026-06-01T00:00:00Z']) {
    expect((await get(path, users.contributor)).statusCode).toBe(403);
  }
  expect((await rollBack({ version: 0 }, users.requester)).statusCode).toBe(403);
});
