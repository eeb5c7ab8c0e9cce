import { auditEvents } from '@sheaf/db/schema/evidence';
import { noQuota } from '@sheaf/domain/quota';
import { describe, expect, onTestFinished, test } from 'vitest';
import { setupApi, type TestUser } from '../../../../../../test/harness/api.ts';

const unknownId = '01900000-0000-7000-8000-000000000000';
const password = 'correct horse battery';

async function setup() {
  const api = await setupApi();
  onTestFinished(api.close);
  const { app, users, db } = api;
  const call = (
    method: 'GET' | 'POST' | 'PATCH',
    url: string,
    payload?: object,
    user: TestUser = users.administrator,
  ) => app.inject({ method, url: `/api/v1/admin/users${url}`, headers: user.headers, ...(payload && { payload }) });
  return {
    ...api,
    call,
    signIn: (email: string) =>
      app.inject({ method: 'POST', url: '/api/auth/sign-in/email', payload: { email, password } }),
    me: (headers: object) => app.inject({ url: '/api/v1/me', headers: { ...headers } }),
    audit: async () =>
      (await db.orm.select().from(auditEvents))
        .filter(({ action }) => action.startsWith('user.'))
        .map(({ action, record }) => [action, factsOf(record)]),
  };
}

describe('/admin/users', () => {
  test('201: a user who can sign in with the password at once', async () => {
    const { call, signIn } = await setup();
    const fields = { email: 'New.Person@Example.com', name: ' New ', role: 'contributor', password };
    const answer = await call('POST', '', fields);
    expect([answer.statusCode, answer.json()]).toMatchObject([
      201,
      { email: 'new.person@example.com', name: 'New', role: 'contributor', disabled: false, quota: null, groups: [] },
    ]);
    expect(answer.headers.location).toBe(`/api/v1/admin/users/${answer.json().id}`);
    expect(answer.body).not.toContain(password);
    expect((await signIn('new.person@example.com')).statusCode).toBe(200);
  });

  test('201: a requester, where no role is given', async () => {
    const { call } = await setup();
    expect((await call('POST', '', { email: 'a@example.com', name: 'A' })).json().role).toBe('requester');
  });

  test('409: an email address that is taken, in any case', async () => {
    const { call } = await setup();
    const answer = await call('POST', '', { email: 'OTHER@example.com', name: 'A' });
    expect([answer.statusCode, answer.json().code]).toEqual([409, 'resource.conflict']);
  });

  test.each([
    ['a short password', { email: 'a@example.com', name: 'A', password: 'short' }, '/password'],
    ['no address', { email: 'nobody', name: 'A' }, '/email'],
    ['an unknown role', { email: 'a@example.com', name: 'A', role: 'root' }, '/role'],
  ])('400: %s', async (_name, payload, path) => {
    const { call } = await setup();
    const answer = await call('POST', '', payload);
    expect([answer.statusCode, answer.json().errors[0].path]).toEqual([400, path]);
  });

  test('200: found by part of name or address, by group and by role, in pages', async () => {
    const { call, users, app } = await setup();
    const found = async (query: string) =>
      (await call('GET', query)).json().items.map((item: { name: string }) => item.name);
    expect(await found('')).toHaveLength(5);
    expect(await found('?q=OTHER@')).toEqual(['other']);
    expect(await found('?q=%25')).toEqual([]);
    expect(await found('?role=administrator')).toEqual(['administrator']);
    const group = await app.inject({
      method: 'POST',
      url: '/api/v1/admin/groups',
      headers: users.administrator.headers,
      payload: { name: 'Agency', dynamicRenditions: true },
    });
    const { id } = group.json();
    const member = `/api/v1/admin/groups/${id}/members/${users.other.id}`;
    await app.inject({ method: 'PUT', url: member, headers: users.administrator.headers });
    expect((await call('GET', `?groupId=${id}`)).json().items).toMatchObject([
      { name: 'other', groups: [{ id, name: 'Agency' }], dynamicRenditions: false, entitled: true },
    ]);
    const first = (await call('GET', '?limit=3')).json();
    const second = (await call('GET', `?limit=3&cursor=${first.nextCursor}`)).json();
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([3, 2, null]);
  });

  test('401, 403 and 404', async () => {
    const { call, app, users } = await setup();
    const operations = [
      ['GET', '', undefined],
      ['POST', '', { email: 'a@example.com', name: 'A' }],
      ['GET', `/${unknownId}`, undefined],
      ['PATCH', `/${unknownId}`, { name: 'A' }],
    ] as const;
    for (const [method, url, payload] of operations) {
      expect((await app.inject({ method, url: `/api/v1/admin/users${url}` })).statusCode).toBe(401);
      expect((await call(method, url, payload, users.contributor)).statusCode).toBe(403);
      if (url !== '') expect((await call(method, url, payload)).statusCode).toBe(404);
    }
  });
});

describe('PATCH /admin/users/{id}', () => {
  test('200: changes what it names, and has it in the audit log with what was before', async () => {
    const { call, users, me, audit } = await setup();
    const quota = { ...noQuota, assetsPerDownload: 7 };
    const answer = await call('PATCH', `/${users.other.id}`, { role: 'contributor', dynamicRenditions: true, quota });
    expect([answer.statusCode, answer.json()]).toMatchObject([
      200,
      { name: 'other', role: 'contributor', dynamicRenditions: true, entitled: true, quota },
    ]);
    expect((await me(users.other.headers)).json()).toMatchObject({ role: 'contributor', quota: [{ limits: quota }] });
    const before = { name: 'other', role: 'requester', dynamicRenditions: false, disabled: false, quota: null };
    const after = { ...before, role: 'contributor', dynamicRenditions: true, quota };
    expect(await audit()).toEqual([['user.changed', { userId: users.other.id, before, after }]]);
    expect((await call('PATCH', `/${users.other.id}`, { quota: null, name: ' X ' })).json()).toMatchObject({
      quota: null,
      name: 'X',
      role: 'contributor',
    });
  });

  test('disabling ends sessions and tokens at once; enabling brings none of them back', async () => {
    const { call, signIn, me } = await setup();
    const { id } = (await call('POST', '', { email: 'a@example.com', name: 'A', password })).json();
    const cookie = (await signIn('a@example.com')).cookies
      .map(({ name, value }) => `${name}=${encodeURIComponent(value)}`)
      .join('; ');
    expect((await me({ cookie })).statusCode).toBe(200);
    expect((await call('PATCH', `/${id}`, { disabled: true })).json().disabled).toBe(true);
    expect((await me({ cookie })).statusCode).toBe(401);
    expect((await signIn('a@example.com')).statusCode).toBe(403);
    expect((await call('PATCH', `/${id}`, { disabled: false })).json().disabled).toBe(false);
    expect((await me({ cookie })).statusCode).toBe(401);
    expect((await signIn('a@example.com')).statusCode).toBe(200);
  });

  test('409: administrators cannot disable or demote themselves', async () => {
    const { call, users, addUser } = await setup();
    await addUser('administrator');
    for (const changes of [{ disabled: true }, { role: 'contributor' }]) {
      const answer = await call('PATCH', `/${users.administrator.id}`, changes);
      expect([answer.statusCode, answer.json().code]).toEqual([409, 'resource.conflict']);
    }
    const kept = { name: 'Renamed', role: 'administrator', disabled: false };
    expect((await call('PATCH', `/${users.administrator.id}`, kept)).statusCode).toBe(200);
  });

  test('409: two administrators who demote each other at once leave one', async () => {
    const { call, users, addUser } = await setup();
    const other = await addUser('administrator');
    const answers = await Promise.all([
      call('PATCH', `/${other.id}`, { role: 'requester' }),
      call('PATCH', `/${users.administrator.id}`, { disabled: true }, other),
    ]);
    const statuses = answers.map(({ statusCode }) => statusCode).sort();
    // The second may come too late to be an administrator's at all.
    expect([
      [200, 409],
      [200, 403],
      [200, 401],
    ]).toContainEqual(statuses);
  });

  test.each([
    ['nothing', {}],
    ['an unknown field', { email: 'b@example.com' }],
    ['a blank name', { name: ' ' }],
    ['half a quota', { quota: { bytes: 1 } }],
  ])('400: %s', async (_name, payload) => {
    const { call, users } = await setup();
    const answer = await call('PATCH', `/${users.other.id}`, payload);
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'input.invalid']);
  });
});

function factsOf(record: string): object {
  const { requestId: _, ...facts } = JSON.parse(record).detail;
  return facts;
}
