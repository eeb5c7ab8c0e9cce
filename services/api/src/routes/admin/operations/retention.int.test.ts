import { describe, expect, onTestFinished, test } from 'vitest';
import { setupApi, type TestUser } from '../../../../../../test/harness/api.ts';
import { requestDownload } from '../../../../../../test/harness/request-download.ts';

const unknownId = '0197a0b1-c2d3-7e4f-8a5b-6c7d8e9f0a1b';
const unlimited = { bundleHours: null, keptMailDays: null, inboxDays: null };

async function setup() {
  const api = await setupApi();
  onTestFinished(api.close);
  const { app, users, db, clock } = api;
  const call = (method: 'GET' | 'PUT' | 'POST', path: string, payload?: object, user: TestUser = users.administrator) =>
    app.inject({ method, url: `/api/v1/admin/retention${path}`, headers: user.headers, ...(payload && { payload }) });
  /** A bundle that has been ready for so many hours, of 1,000 stored bytes, with a link; both for a week in all. */
  const addReady = async (hours: number, user: TestUser = users.requester) => {
    const id = await requestDownload(api, user, { assetIds: [unknownId] });
    const ready = `'${new Date(clock().getTime() - hours * 3_600_000).toISOString()}'::timestamptz`;
    const statements = [
      `update downloads set state = 'ready', ready_at = ${ready}, expires_at = ${ready} + interval '7 days' where id = '${id}'`,
      `insert into bundle_parts (download_id, number, object_key, file_name, media_type, size, etag, entries)
       values ('${id}', 1, 'k', 'f', 't', 1000, '"e"', 1)`,
      `insert into links (id, download_id, token_hash, created_by, expires_at)
       values (gen_random_uuid(), '${id}', decode(md5('${id}'), 'hex'), '${user.id}', ${ready} + interval '7 days')`,
    ];
    for (const statement of statements) await db.orm.execute(statement);
    return id;
  };
  const ends = async (id: string) => {
    const [row] = await db.orm.execute(
      `select extract(epoch from d.expires_at - ready_at) / 3600 as bundle, extract(epoch from l.expires_at - ready_at) / 3600 as link
       from downloads d join links l on l.download_id = d.id where d.id = '${id}'`,
    );
    return [Number(row!.bundle), Number(row!.link)];
  };
  const put = (version: number, retention: object, user?: TestUser) =>
    call('PUT', '', { version, retention, reason: 'The disk is full.' }, user);
  return { ...api, call, put, addReady, ends };
}

describe('/admin/retention', () => {
  test('begins with the defaults, by nobody: bundles live as the visibility configuration says', async () => {
    const { call } = await setup();
    expect((await call('GET', '')).json()).toEqual({
      version: 0,
      retention: unlimited,
      reason: null,
      changedBy: null,
      changedAt: null,
      inForce: { bundleHours: 168 },
    });
  });

  test('the simulation says what would be over, and changes nothing', async () => {
    const { call, addReady, ends, users } = await setup();
    const old = await addReady(50);
    await addReady(30);
    await addReady(30, users.other);
    await addReady(1);
    const trial = (bundleHours: number | null) =>
      call('POST', '/simulation', { retention: { ...unlimited, bundleHours } });
    expect((await trial(24)).json()).toEqual({
      bundles: 3,
      shortened: 4,
      bytes: 3_000,
      people: 2,
      keptMails: 0,
      inboxItems: 0,
    });
    expect((await trial(48)).json()).toMatchObject({ bundles: 1, shortened: 4, people: 1 });
    expect((await trial(null)).json()).toMatchObject({ bundles: 0, shortened: 0 });
    expect(await ends(old)).toEqual([168, 168]);
  });

  test('a change is a version with who, when and why; it ends what the simulation said, links too, and is audited', async () => {
    const { call, put, addReady, ends, users, clock, db } = await setup();
    const [old, young] = [await addReady(50), await addReady(1)];
    const retention = { ...unlimited, bundleHours: 24 };
    const changed = await put(0, retention);
    const version = {
      version: 1,
      retention,
      reason: 'The disk is full.',
      changedBy: { id: users.administrator.id, name: 'administrator' },
      changedAt: clock().toISOString(),
    };
    expect([changed.statusCode, changed.json()]).toEqual([200, { ...version, inForce: { bundleHours: 24 } }]);
    expect([await ends(old), await ends(young)]).toEqual([
      [24, 24],
      [24, 24],
    ]);
    const audit = await db.orm.execute(
      `select record::jsonb -> 'detail' as detail from audit_events where action = 'retention.changed'`,
    );
    expect([...audit]).toMatchObject([
      { detail: { version: 1, before: unlimited, after: retention, effect: { bundles: 1, shortened: 2 } } },
    ]);
    await put(1, unlimited);
    expect(await ends(young)).toEqual([24, 24]);
    const { items } = (await call('GET', '/versions')).json();
    expect(items).toEqual([{ ...version, version: 2, retention: unlimited }, version]);
  });

  test('a change made from an older version is a conflict, also when several come at once', async () => {
    const { put, call } = await setup();
    const answers = await Promise.all([1, 2, 3].map(() => put(0, { ...unlimited, inboxDays: 30 })));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409, 409]);
    expect((await call('GET', '')).json().version).toBe(1);
  });

  test.each([
    [{ ...unlimited, bundleHours: 0 }],
    [{ ...unlimited, bundleHours: 87_601 }],
    [{ ...unlimited, keptMailDays: 0.5 }],
    [{ bundleHours: 1 }],
    [{ ...unlimited, other: 1 }],
  ])('refuses %j and changes nothing', async (retention) => {
    const { put, call } = await setup();
    expect((await put(0, retention)).json()).toMatchObject({ status: 400, code: 'input.invalid' });
    expect((await call('POST', '/simulation', { retention })).statusCode).toBe(400);
    expect((await call('GET', '')).json().version).toBe(0);
  });

  test('auditors read and simulate, and change nothing; requesters do neither', async () => {
    const { put, call, users } = await setup();
    const paths: ['GET' | 'POST', string, object | undefined][] = [
      ['GET', '', undefined],
      ['GET', '/versions', undefined],
      ['POST', '/simulation', { retention: unlimited }],
    ];
    for (const [method, path, body] of paths) {
      expect((await call(method, path, body, users.auditor)).statusCode).toBe(200);
      expect((await call(method, path, body, users.requester)).statusCode).toBe(403);
    }
    for (const user of [users.auditor, users.requester]) expect((await put(0, unlimited, user)).statusCode).toBe(403);
  });
});
