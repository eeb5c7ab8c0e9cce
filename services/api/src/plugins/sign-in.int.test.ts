import { disableUser } from '@sheaf/db/users/disable-user';
import { hashSecretToken } from '@sheaf/runtime/secret-token';
import { hashPassword } from 'better-auth/crypto';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { setupApi, type TestApi, type TestApiOptions } from '../../../../test/harness/api.ts';

const password = 'correct horse battery';

async function setup(options?: TestApiOptions) {
  const api = await setupApi(options);
  onTestFinished(api.close);
  return api;
}

async function setupSignIn(options?: TestApiOptions) {
  const api = await setup(options);
  const user = await api.addUser('requester', {
    email: 'person@example.com',
    passwordHash: await hashPassword(password),
  });
  return { ...api, user };
}

async function signIn({ app }: TestApi, given = { email: 'Person@Example.com', password }, headers = {}) {
  const answer = await app.inject({ method: 'POST', url: '/api/auth/sign-in/email', payload: given, headers });
  const cookie = answer.cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join('; ');
  return { answer, cookie };
}

describe('who sends a request', () => {
  test('nobody gets 401 everywhere below /api/v1', async () => {
    const { app } = await setup();
    for (const url of [
      '/api/v1/me',
      '/api/v1/assets',
      '/api/v1/licences',
      '/api/v1/webhooks',
      '/api/v1/admin/visibility',
    ]) {
      const answer = await app.inject({ url });
      expect([url, answer.statusCode, answer.json().code]).toEqual([url, 401, 'auth.required']);
    }
  });

  test('a personal API token counts until it expires or is revoked, and says when it was last used', async () => {
    const api = await setup();
    const { app, users, clock } = api;
    const created = await app.inject({
      method: 'POST',
      url: '/api/v1/me/tokens',
      headers: users.requester.headers,
      payload: { name: 'ci', expiresAt: new Date(clock().getTime() + 3_600_000).toISOString() },
    });
    const { token, id } = created.json();
    const me = () => app.inject({ url: '/api/v1/me', headers: { authorization: `Bearer ${token}` } });

    expect((await me()).json()).toMatchObject({ id: users.requester.id, email: 'requester@example.com' });
    const listed = await app.inject({ url: '/api/v1/me/tokens', headers: users.requester.headers });
    expect(listed.json().items[0]).toMatchObject({ id, name: 'ci', lastUsedAt: clock().toISOString() });
    clock.advance(3_600_000);
    expect((await me()).statusCode).toBe(401);
  });

  test('a token that is not valid is refused, whatever cookie comes with it', async () => {
    const api = await setupSignIn();
    const { cookie } = await signIn(api);
    const answer = await api.app.inject({ url: '/api/v1/me', headers: { cookie, authorization: 'Bearer nonsense' } });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  test('tokens are stored as hashes only', async () => {
    const { db, users } = await setup();
    const rows = await db.orm.query.apiTokens.findMany();
    const hashes = rows.map(({ tokenHash }) => tokenHash.toString('hex'));
    expect(hashes).toContain(hashSecretToken(users.requester.token).toString('hex'));
    expect(JSON.stringify(rows)).not.toContain(users.requester.token);
  });

  test('signing in gives a session in an HttpOnly cookie, and signing out ends it', async () => {
    const api = await setupSignIn();
    const { app, user } = api;
    const { answer, cookie } = await signIn(api);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['set-cookie']).toMatch(/^sheaf\.session_token=.+HttpOnly; SameSite=Lax/);
    expect(answer.body).not.toContain('token');
    expect((await app.inject({ url: '/api/auth/get-session', headers: { cookie } })).json().user.id).toBe(user.id);
    expect((await app.inject({ url: '/api/v1/me', headers: { cookie } })).json()).toMatchObject({ id: user.id });

    await app.inject({ method: 'POST', url: '/api/auth/sign-out', headers: { cookie } });

    expect((await app.inject({ url: '/api/v1/me', headers: { cookie } })).statusCode).toBe(401);
  });

  test('a session is over by the time that all processes share, whatever this machine says, and does not go on then', async () => {
    const api = await setupSignIn();
    const { app, db, clock } = api;
    const me = (cookie: string) => app.inject({ url: '/api/v1/me', headers: { cookie } });
    // Old enough that a request would make it last for a week more.
    const age = () => db.orm.execute("update sessions set expires_at = now() + interval '1 hour'");
    const { cookie } = await signIn(api);
    await age();
    clock.advance(3_540_000);
    const answer = await me(cookie);
    expect([answer.statusCode, answer.headers['set-cookie']]).toEqual([200, expect.stringContaining('session_token')]);
    clock.advance(3_600_000);
    expect((await me(cookie)).statusCode).toBe(200);

    // It is removed, and of two the other one is left.
    for (const url of ['/api/v1/me', '/api/auth/get-session']) {
      const { cookie } = await signIn(api);
      await age();
      const answer = await app.inject({ url, headers: { cookie } });
      expect([url, answer.statusCode, answer.json().user]).toEqual([url, url.endsWith('me') ? 401 : 200, undefined]);
      expect(await db.orm.query.sessions.findMany()).toHaveLength(1);
    }
  });

  test('the cookie is Secure where the service is reached by https', async () => {
    const api = await setupSignIn({ settings: { PUBLIC_URL: 'https://sheaf.example.com' } });
    const { answer, cookie } = await signIn(api);
    expect(answer.headers['set-cookie']).toMatch(/^__Secure-sheaf\.session_token=.+Secure/);
    expect((await api.app.inject({ url: '/api/v1/me', headers: { cookie } })).statusCode).toBe(200);
  });

  test('a wrong password and an unknown address are refused alike', async () => {
    const api = await setupSignIn();
    const wrong = await signIn(api, { email: 'person@example.com', password: 'not the password' });
    const unknown = await signIn(api, { email: 'nobody@example.com', password });
    for (const { answer } of [wrong, unknown]) {
      expect(answer.statusCode).toBe(401);
      expect(answer.json()).toMatchObject({ code: 'auth.required', detail: 'Invalid email or password' });
    }
  });

  test('nobody signs up, and no other call of the sign-in library is there', async () => {
    const { app } = await setup();
    for (const url of ['/api/auth/sign-up/email', '/api/auth/update-user', '/api/auth/set-password', '/api/auth/ok']) {
      const payload = { email: 'new@example.com', password, name: 'New' };
      expect([url, (await app.inject({ method: 'POST', url, payload })).statusCode]).toEqual([url, 404]);
    }
  });

  test('a disabled user is refused at once, by session, by token and at sign-in', async () => {
    const api = await setupSignIn();
    const { app, db, user, clock } = api;
    const { cookie } = await signIn(api);

    await db.transaction((tx) => disableUser(tx, user.id, clock()));

    expect((await app.inject({ url: '/api/v1/me', headers: { cookie } })).statusCode).toBe(401);
    expect((await app.inject({ url: '/api/v1/me', headers: user.headers })).statusCode).toBe(401);
    const again = await signIn(api);
    expect(again.answer.statusCode).toBe(403);
    expect(again.cookie).toBe('');
    expect(await db.orm.query.sessions.findMany()).toEqual([]);
  });

  test('a tampered session cookie is nobody', async () => {
    const api = await setupSignIn();
    const { cookie } = await signIn(api);
    const tampered = cookie.replace(/.{4}$/, 'AAAA');
    expect((await api.app.inject({ url: '/api/v1/me', headers: { cookie: tampered } })).statusCode).toBe(401);
  });
});

describe('without the database', () => {
  test('every way to be somebody answers 503, signing out too, and nothing is printed', async () => {
    const api = await setupSignIn();
    const { app, db, user } = api;
    const { cookie } = await signIn(api);
    const printed = (['error', 'warn', 'log'] as const).map((name) => vi.spyOn(console, name));
    onTestFinished(() => void vi.restoreAllMocks());
    await db.close();

    const answers = [
      (await signIn(api)).answer,
      await app.inject({ method: 'POST', url: '/api/auth/sign-out', headers: { cookie } }),
      await app.inject({ url: '/api/auth/get-session', headers: { cookie } }),
      await app.inject({ url: '/api/v1/me', headers: { cookie } }),
      await app.inject({ url: '/api/v1/me', headers: user.headers }),
    ];

    expect(answers.map((answer) => [answer.statusCode, answer.json().code])).toEqual(
      Array(5).fill([503, 'service.unavailable']),
    );
    for (const print of printed) expect(print).not.toHaveBeenCalled();
  });
});

describe('requests from other sites', () => {
  const cases = [
    ['from its own page', { 'sec-fetch-site': 'same-origin', origin: 'http://localhost:80' }, 200],
    ['from a program', {}, 200],
    ['from another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, 403],
    ['from a neighbour below the same domain', { 'sec-fetch-site': 'same-site', origin: 'http://a.localhost' }, 403],
    ['from another site in an old browser', { origin: 'https://evil.example' }, 403],
    ['from a page without an origin', { origin: 'null' }, 403],
  ] as const;

  test.each(cases)('with a cookie: %s', async (_name, headers, status) => {
    const api = await setupSignIn();
    const { cookie } = await signIn(api);
    const answer = await api.app.inject({
      method: 'PATCH',
      url: '/api/v1/me/preferences',
      payload: { language: 'de' },
      headers: { ...headers, host: 'localhost:80', cookie },
    });
    expect(answer.statusCode).toBe(status);
  });

  test('signing somebody in from another site is refused', async () => {
    const api = await setupSignIn();
    const { answer } = await signIn(api, undefined, { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' });
    expect(answer.statusCode).toBe(403);
  });

  test('a token may come from anywhere, for no browser adds it by itself', async () => {
    const { app, users } = await setup();
    const answer = await app.inject({
      method: 'PATCH',
      url: '/api/v1/me/preferences',
      payload: { language: 'de' },
      headers: { ...users.requester.headers, origin: 'https://portal.example', 'sec-fetch-site': 'cross-site' },
    });
    expect(answer.statusCode).toBe(200);
  });
});

describe('guessing', () => {
  test('passwords can be tried ten times a minute', async () => {
    const api = await setup();
    const guess = { email: 'nobody@example.com', password: 'a guess' };
    const answers = [];
    for (let i = 0; i < 11; i++) answers.push((await signIn(api, guess)).answer);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([...Array(10).fill(401), 429]);
    expect(Number(answers[10]?.headers['retry-after'])).toBeGreaterThan(0);
  });
});
