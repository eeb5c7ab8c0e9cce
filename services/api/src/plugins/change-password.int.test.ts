import { readAuditRows } from '@sheaf/db/audit/read-audit-rows';
import { disableUser } from '@sheaf/db/users/disable-user';
import { hashPassword } from 'better-auth/crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { setupApi } from '../../../../test/harness/api.ts';

const password = 'correct horse battery';
const newPassword = 'a staple of another kind';

async function setup() {
  const api = await setupApi();
  onTestFinished(api.close);
  const { app, db } = api;
  const user = await api.addUser('requester', {
    email: 'person@example.com',
    passwordHash: await hashPassword(password),
  });
  const cookieOf = (answer: { cookies: { name: string; value: string }[] }) =>
    answer.cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join('; ');
  const signIn = (tried: string) =>
    app.inject({ method: 'POST', url: '/api/auth/sign-in/email', payload: { email: user.email, password: tried } });
  return {
    ...api,
    user,
    cookieOf,
    signIn,
    session: async () => cookieOf(await signIn(password)),
    change: (headers: object, payload: object = { currentPassword: password, newPassword }) =>
      app.inject({ method: 'POST', url: '/api/auth/change-password', headers: { ...headers }, payload }),
    me: async (headers: object) => (await app.inject({ url: '/api/v1/me', headers: { ...headers } })).statusCode,
    async audit() {
      const rows: string[] = [];
      for await (const page of readAuditRows(db.orm, 1)) rows.push(...page.map(({ record }) => record));
      return rows.map((record) => JSON.parse(record)).filter(({ action }) => action === 'user.password_changed');
    },
  };
}

describe('POST /api/auth/change-password', () => {
  test('200: the new password counts and the old one does not; other sessions end, this browser gets a new one', async () => {
    const { change, session, cookieOf, signIn, me, audit, user } = await setup();
    const [cookie, elsewhere] = [await session(), await session()];
    const answer = await change({ cookie });
    expect(answer.statusCode).toBe(200);
    expect(answer.body).not.toContain('token');
    expect(answer.headers['set-cookie']).toMatch(/^sheaf\.session_token=.+HttpOnly; SameSite=Lax/);
    expect([await me({ cookie: cookieOf(answer) }), await me({ cookie }), await me({ cookie: elsewhere })]).toEqual([
      200, 401, 401,
    ]);
    expect([(await signIn(password)).statusCode, (await signIn(newPassword)).statusCode]).toEqual([401, 200]);
    expect(await me(user.headers)).toBe(200);
    const events = await audit();
    expect(events).toMatchObject([{ actorId: user.id, detail: { userId: user.id }, ipAddress: '127.0.0.1' }]);
    expect(JSON.stringify(events)).not.toMatch(/horse|staple/);
  });

  test.each([
    ['a wrong current password', { currentPassword: 'not the password', newPassword }, '/currentPassword'],
    ['a short new one', { currentPassword: password, newPassword: 'too short' }, '/newPassword'],
    ['a long new one', { currentPassword: password, newPassword: 'x'.repeat(201) }, '/newPassword'],
    ['no current one', { newPassword }, '/currentPassword'],
    ['what is not known', { currentPassword: password, newPassword, revokeOtherSessions: false }, undefined],
  ])('400: %s changes nothing', async (_name, payload, path) => {
    const { change, session, signIn, me, audit } = await setup();
    const cookie = await session();
    const answer = await change({ cookie }, payload);
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'input.invalid']);
    if (path !== undefined) expect(answer.json().errors[0].path).toBe(path);
    expect([await me({ cookie }), (await signIn(password)).statusCode, await audit()]).toEqual([200, 200, []]);
  });

  test('401: nobody, a disabled user, and an API token, which is no proof that its user sits there', async () => {
    const { change, session, user, db, clock } = await setup();
    const cookie = await session();
    expect((await change(user.headers)).statusCode).toBe(401);
    await db.transaction((tx) => disableUser(tx, user.id, clock()));
    for (const headers of [{}, { cookie }]) {
      const answer = await change(headers);
      expect([answer.statusCode, answer.json().code]).toEqual([401, 'auth.required']);
    }
  });

  test('401: a session that is over by the time that all processes share, whatever this machine says', async () => {
    const { change, session, signIn, db, clock } = await setup();
    const cookie = await session();
    await db.orm.execute("update sessions set expires_at = now() + interval '30 minutes'");
    clock.advance(3_600_000);
    const answer = await change({ cookie });
    expect([answer.statusCode, answer.json().code]).toEqual([401, 'auth.required']);
    expect((await signIn(password)).statusCode).toBe(200);
  });

  test('403: from another site', async () => {
    const { change, session } = await setup();
    const headers = { cookie: await session(), 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    expect((await change(headers)).statusCode).toBe(403);
  });

  test('409: somebody who has none, and /me says so', async () => {
    const { change, session, user, db, app } = await setup();
    const cookie = await session();
    const hasPassword = async () =>
      (await app.inject({ url: '/api/v1/me', headers: { ...user.headers } })).json().hasPassword;
    expect(await hasPassword()).toBe(true);
    await db.orm.execute('delete from accounts');
    expect(await hasPassword()).toBe(false);
    const answer = await change({ cookie });
    expect([answer.statusCode, answer.json().code]).toEqual([409, 'resource.conflict']);
  });

  test('429: the current password is guessed no faster than at sign-in, and counts together with it', async () => {
    const { change, session } = await setup();
    const cookie = await session();
    const guess = { currentPassword: 'a guess', newPassword };
    const statuses = [];
    for (let i = 0; i < 10; i++) statuses.push((await change({ cookie }, guess)).statusCode);
    expect(statuses).toEqual([...Array(9).fill(400), 429]);
  });

  test('an administrator who resets it at the same moment has the last word', async () => {
    const { change, session, cookieOf, signIn, me, app, users, user } = await setup();
    const cookie = await session();
    const [changed, reset] = await Promise.all([
      change({ cookie }),
      app.inject({
        method: 'POST',
        url: `/api/v1/admin/users/${user.id}/password`,
        headers: users.administrator.headers,
      }),
    ]);
    expect([200, 401]).toContain(changed.statusCode);
    expect([await me({ cookie }), await me({ cookie: cookieOf(changed) })]).toEqual([401, 401]);
    expect((await signIn(newPassword)).statusCode).toBe(401);
    expect((await signIn(reset.json().password)).statusCode).toBe(200);
  });

  test('where it cannot be recorded, nothing is changed', async () => {
    const { change, session, signIn, me, db } = await setup();
    const cookie = await session();
    await db.orm.execute('alter function append_audit_event rename to append_audit_event_gone');
    expect((await change({ cookie })).statusCode).toBe(500);
    await db.orm.execute('alter function append_audit_event_gone rename to append_audit_event');
    expect([await me({ cookie }), (await signIn(password)).statusCode]).toEqual([200, 200]);
  });
});
