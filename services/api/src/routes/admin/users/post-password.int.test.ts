import { auditEvents } from '@sheaf/db/schema/evidence';
import { disableUser } from '@sheaf/db/users/disable-user';
import { hashPassword } from 'better-auth/crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { setupApi, type TestApiOptions, type TestUser } from '../../../../../../test/harness/api.ts';

const old = 'correct horse battery';

async function setup(options?: TestApiOptions) {
  const api = await setupApi(options);
  onTestFinished(api.close);
  const { app, users, db } = api;
  const person = await api.addUser('requester', {
    email: 'person@example.com',
    passwordHash: await hashPassword(old),
  });
  const post = (url: string, user: TestUser = users.administrator, headers = {}, payload?: object) =>
    app.inject({
      method: 'POST',
      url: `/api/v1/admin/users${url}`,
      headers: { ...user.headers, ...headers },
      ...(payload && { payload }),
    });
  return {
    ...api,
    person,
    post,
    reset: (user?: TestUser, id = person.id, headers = {}) => post(`/${id}/password`, user, headers),
    signIn: (password: string, email = person.email) =>
      app.inject({ method: 'POST', url: '/api/auth/sign-in/email', payload: { email, password } }),
    me: async (headers: object) => (await app.inject({ url: '/api/v1/me', headers: { ...headers } })).statusCode,
    audit: async () =>
      (await db.orm.select().from(auditEvents)).filter(({ action }) => action === 'user.password_changed'),
  };
}

describe('POST /admin/users/{id}/password', () => {
  test('201: a generated password that counts at once; sessions end, tokens stay, and the audit log says who did it', async () => {
    const { reset, signIn, me, audit, person, users } = await setup();
    const cookie = (await signIn(old)).cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join();
    expect(await me({ cookie })).toBe(200);
    const answer = await reset();
    expect([answer.statusCode, answer.json()]).toEqual([
      201,
      { password: expect.stringMatching(/^(\w{5}-){3}\w{5}$/) },
    ]);
    expect([await me({ cookie }), await me(person.headers)]).toEqual([401, 200]);
    const { password } = answer.json();
    expect([(await signIn(old)).statusCode, (await signIn(password)).statusCode]).toEqual([401, 200]);
    const [event, ...more] = await audit();
    expect(more).toEqual([]);
    expect(JSON.parse(event!.record)).toMatchObject({
      actorId: users.administrator.id,
      detail: { userId: person.id },
    });
    expect(event!.record).not.toContain(password);
  });

  test('a repeated request gets the same password, which is kept sealed', async () => {
    const { reset, db, audit } = await setup();
    const once = { 'idempotency-key': 'once' };
    const [first, second] = [await reset(undefined, undefined, once), await reset(undefined, undefined, once)];
    expect(second.json()).toEqual(first.json());
    expect(await audit()).toHaveLength(1);
    expect(JSON.stringify(await db.orm.query.idempotencyKeys.findMany())).not.toContain(first.json().password);
  });

  test('gives one to somebody who had none', async () => {
    const { reset, signIn, post, users } = await setup();
    const { password } = (await reset(undefined, users.other.id)).json();
    expect((await signIn(password, users.other.email)).statusCode).toBe(200);
    const found = await post('', users.administrator, {}, { email: users.other.email, name: 'X' });
    expect(found.statusCode).toBe(409);
  });

  test('a disabled user may get one, and stays out', async () => {
    const { reset, signIn, person, db, clock } = await setup();
    await db.transaction((tx) => disableUser(tx, person.id, clock()));
    const answer = await reset();
    expect(answer.statusCode).toBe(201);
    expect((await signIn(answer.json().password)).statusCode).toBe(403);
  });

  test('401, 403, 404 and 409: nobody, everybody but administrators, nobody there, and oneself', async () => {
    const { reset, users, app, person, signIn, audit } = await setup();
    const anonymous = await app.inject({ method: 'POST', url: `/api/v1/admin/users/${person.id}/password` });
    expect(anonymous.statusCode).toBe(401);
    for (const user of [users.requester, users.contributor, users.auditor, person]) {
      expect((await reset(user)).statusCode).toBe(403);
    }
    expect((await reset(undefined, '01900000-0000-7000-8000-000000000000')).statusCode).toBe(404);
    expect((await reset(undefined, users.administrator.id)).statusCode).toBe(409);
    expect([(await signIn(old)).statusCode, await audit()]).toEqual([200, []]);
  });
});

describe('POST /admin/users without a password', () => {
  const fields = { email: 'new@example.com', name: 'New' };

  test('generates one, shown this once, where there is no other way to sign in', async () => {
    const { post, signIn, app, users, db } = await setup();
    const once = { 'idempotency-key': 'once' };
    const answer = await post('', undefined, once, fields);
    const { password, id, hasPassword } = answer.json();
    expect([answer.statusCode, hasPassword]).toEqual([201, true]);
    expect((await signIn(password, fields.email)).statusCode).toBe(200);
    expect((await post('', undefined, once, fields)).json()).toEqual(answer.json());
    const read = await app.inject({ url: `/api/v1/admin/users/${id}`, headers: users.administrator.headers });
    expect(read.json()).not.toHaveProperty('password');
    const kept = [await db.orm.query.idempotencyKeys.findMany(), await db.orm.select().from(auditEvents)];
    expect(JSON.stringify(kept)).not.toContain(password);
  });

  test('leaves it to the identity provider where one is configured', async () => {
    const oidc = {
      PUBLIC_URL: 'http://localhost',
      OIDC_ISSUER: 'https://id.example.com',
      OIDC_CLIENT_ID: 'sheaf',
      OIDC_CLIENT_SECRET: 'secret',
    };
    const { post } = await setup({ settings: oidc });
    const answer = await post('', undefined, {}, fields);
    expect([answer.statusCode, answer.json().hasPassword]).toEqual([201, false]);
    expect(answer.json()).not.toHaveProperty('password');
  });
});
