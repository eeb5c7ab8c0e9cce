import { randomUUID } from 'node:crypto';
import { accounts, users } from '@sheaf/db/schema/auth';
import { auditEvents } from '@sheaf/db/schema/evidence';
import { disableUser } from '@sheaf/db/users/disable-user';
import type { Settings } from '@sheaf/runtime/settings';
import { hashPassword } from 'better-auth/crypto';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { setupApi } from '../../../../test/harness/api.ts';
import { startOidcProvider, type TestOidcProvider } from '../../../../test/harness/oidc-provider.ts';

const publicUrl = 'http://sheaf.test';
const client = { clientId: 'sheaf', clientSecret: 'a secret+with/signs:and=more' };
const password = 'correct horse battery';

const startProvider = () => startOidcProvider({ ...client, redirectUri: `${publicUrl}/api/auth/callback/oidc` });

/** Takes seconds to start: the tests share it, and each has people of its own. */
let shared: TestOidcProvider;
beforeAll(async () => {
  shared = await startProvider();
});
afterAll(() => shared.stop());

async function setup(settings: Partial<Settings> = {}, running = shared) {
  const subject = (name: string) => `${name}-${id}`;
  const id = randomUUID();
  const provider = {
    ...running,
    setPerson: (name: string, claims: object) => running.setPerson(subject(name), { ...claims }),
    signIn: (url: string, name: string) => running.signIn(url, subject(name)),
  };
  const api = await setupApi({
    settings: {
      PUBLIC_URL: publicUrl,
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: client.clientId,
      OIDC_CLIENT_SECRET: client.clientSecret,
      OIDC_NAME: 'Example',
      ...settings,
    },
  });
  onTestFinished(api.close);
  const { app, db, users: known } = api;

  const begin = async (returnTo?: string) => {
    const query = returnTo === undefined ? '' : `?returnTo=${encodeURIComponent(returnTo)}`;
    const answer = await app.inject({ url: `/api/auth/sign-in/oidc${query}` });
    return { answer, url: String(answer.headers.location), cookie: cookieOf(answer) };
  };
  const finish = async (callback: URL, cookie: string) => {
    const answer = await app.inject({ url: callback.pathname + callback.search, headers: { cookie } });
    const session = cookieOf(answer);
    const me = await app.inject({ url: '/api/v1/me', headers: { cookie: session } });
    return { answer, location: String(answer.headers.location), me: me.statusCode === 200 ? me.json() : null, session };
  };
  return {
    ...api,
    provider,
    subject,
    begin,
    finish,
    /** All of it, as a person in a browser. */
    async signIn(sub: string, returnTo?: string) {
      const { url, cookie } = await begin(returnTo);
      return finish(await provider.signIn(url, sub), cookie);
    },
    addGroup: async (fields: object): Promise<string> =>
      (
        await app.inject({
          method: 'POST',
          url: '/api/v1/admin/groups',
          headers: known.administrator.headers,
          payload: fields,
        })
      ).json().id,
    audit: async (action: string) =>
      (await db.orm.select().from(auditEvents))
        .filter((event) => event.action === action)
        .sort((a, b) => a.seq - b.seq)
        .map(({ actorId, record }) => ({ actorId, ...JSON.parse(record).detail })),
  };
}

function cookieOf({ cookies }: { cookies: { name: string; value: string }[] }): string {
  return cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join('; ');
}

const person = { email: 'Person@Example.com', email_verified: true, name: 'A Person' };

describe('signing in with an identity provider', () => {
  test('makes a user of somebody new, and leads to where they wanted to go', async () => {
    const { provider, signIn, audit, db, subject } = await setup();
    await provider.setPerson('p1', person);
    const { answer, location, me } = await signIn('p1', '/downloads?state=ready');
    expect([answer.statusCode, location]).toEqual([302, '/downloads?state=ready']);
    expect(me).toMatchObject({ email: 'person@example.com', name: 'A Person', role: 'requester' });
    const [account] = await db.orm.select().from(accounts);
    expect(account).toMatchObject({ providerId: 'oidc', accountId: subject('p1'), userId: me.id });
    expect(account).toMatchObject({ accessToken: null, refreshToken: null, idToken: null, password: null });
    expect(await audit('user.signed_in')).toMatchObject([{ actorId: me.id, method: 'oidc', subject: subject('p1') }]);
  });

  test('tells the audit log once of a user whom it made', async () => {
    const { provider, signIn, audit, subject } = await setup();
    await provider.setPerson('p1', person);
    const { me } = await signIn('p1');
    await signIn('p1');
    const after = { email: 'person@example.com', name: 'A Person', role: 'requester' };
    expect(await audit('user.created')).toMatchObject([
      { actorId: me.id, userId: me.id, after, subject: subject('p1'), by: 'identity provider' },
    ]);
    expect(await audit('user.changed')).toEqual([]);
  });

  test('tells the audit log once of a user who was there and is linked', async () => {
    const { provider, signIn, addUser, audit, subject } = await setup();
    const { id } = await addUser('contributor', { email: 'person@example.com' });
    await provider.setPerson('p1', person);
    await signIn('p1');
    await signIn('p1');
    expect(await audit('user.changed')).toMatchObject([
      { actorId: id, userId: id, linked: 'oidc', subject: subject('p1'), by: 'identity provider' },
    ]);
    expect(await audit('user.created')).toEqual([]);
  });

  test('is the same user the next time, whatever address the provider names then', async () => {
    const { provider, signIn, db } = await setup();
    await provider.setPerson('p1', person);
    const first = await signIn('p1');
    await provider.setPerson('p1', { ...person, email: 'renamed@example.com', email_verified: false });
    const second = await signIn('p1');
    expect(second.me).toMatchObject({ id: first.me.id, email: 'person@example.com' });
    expect(await db.orm.$count(accounts)).toBe(1);
  });

  test('is the user who has the verified address already, whose password and role stay', async () => {
    const { provider, signIn, addUser, app } = await setup();
    const passwordHash = await hashPassword(password);
    const user = await addUser('contributor', { email: 'person@example.com', passwordHash });
    await provider.setPerson('p1', person);
    expect((await signIn('p1')).me).toMatchObject({ id: user.id, role: 'contributor' });
    const payload = { email: 'person@example.com', password };
    expect((await app.inject({ method: 'POST', url: '/api/auth/sign-in/email', payload })).statusCode).toBe(200);
  });

  test.each([
    ['not verified', { email_verified: false }],
    ['not said to be verified', { email_verified: undefined }],
  ])('takes nobody over, and makes nobody, by an address that is %s', async (_name, claims) => {
    const { provider, signIn, addUser, db } = await setup();
    const user = await addUser('administrator', { email: 'person@example.com' });
    await provider.setPerson('p1', { ...person, ...claims });
    await provider.setPerson('p2', { ...person, ...claims, email: 'new@example.com' });
    const before = await db.orm.$count(users);
    for (const sub of ['p1', 'p2']) {
      const { location, me } = await signIn(sub);
      expect([sub, location, me]).toEqual([sub, '/sign-in?error=email_not_verified', null]);
    }
    expect(await db.orm.$count(users)).toBe(before);
    expect((await db.orm.select().from(accounts)).filter(({ userId }) => userId === user.id)).toEqual([]);
  });

  test("takes nobody over by the ID token's address and userinfo's flag about another", async () => {
    const { provider, signIn, addUser, db } = await setup();
    await addUser('administrator', { email: 'victim@example.com' });
    const own = { ...person, email: 'own@example.com' };
    await provider.setPerson('p1', { ...own, idToken: { email: 'victim@example.com' } });
    expect(await signIn('p1')).toMatchObject({ location: '/sign-in?error=email_not_verified', me: null });
    expect(await db.orm.$count(accounts)).toBe(0);
  });

  test('takes an address', async () => {
    const { provider, signIn } = await setup();
    await provider.setPerson('p1', { name: 'Nobody' });
    expect((await signIn('p1')).location).toBe('/sign-in?error=email_missing');
  });

  test('is refused to a user who is disabled, before and after the first time', async () => {
    const { provider, signIn, db, addUser, clock } = await setup();
    const user = await addUser('requester', { email: 'person@example.com' });
    await provider.setPerson('p1', person);
    await db.transaction((tx) => disableUser(tx, user.id, clock()));
    expect(await signIn('p1')).toMatchObject({ location: '/sign-in?error=user_disabled', me: null });
    expect(await db.orm.$count(accounts)).toBe(0);
    await provider.setPerson('p2', { ...person, email: 'other-person@example.com' });
    const { me } = await signIn('p2');
    await db.transaction((tx) => disableUser(tx, me.id, clock()));
    expect(await signIn('p2')).toMatchObject({ location: '/sign-in?error=user_disabled', me: null });
  });

  test('leads to no other site', async () => {
    const { provider, signIn } = await setup();
    await provider.setPerson('p1', person);
    for (const elsewhere of ['https://evil.example/', '//evil.example/', '/\\evil.example']) {
      expect((await signIn('p1', elsewhere)).location).toBe('/');
    }
  });
});

describe('groups and roles by claim', () => {
  test('groups are what the provider says at each sign-in; what was added by hand stays', async () => {
    const { provider, signIn, addGroup, app, users: known } = await setup();
    const agency = await addGroup({ name: 'Agency', claim: 'sheaf-agency', dynamicRenditions: true });
    const press = await addGroup({ name: 'Press', claim: 'sheaf-press' });
    const staff = await addGroup({ name: 'Staff' });
    await provider.setPerson('p1', { ...person, groups: ['sheaf-agency', 'sheaf-press', 'elsewhere'] });
    const { me } = await signIn('p1');
    expect(me).toMatchObject({
      dynamicRenditions: true,
      groups: [
        { id: agency, name: 'Agency' },
        { id: press, name: 'Press' },
      ],
    });
    await app.inject({
      method: 'PUT',
      url: `/api/v1/admin/groups/${staff}/members/${me.id}`,
      headers: known.administrator.headers,
    });
    await provider.setPerson('p1', { ...person, groups: 'sheaf-press' });
    expect((await signIn('p1')).me).toMatchObject({
      dynamicRenditions: false,
      groups: [{ name: 'Press' }, { name: 'Staff' }],
    });
    await provider.setPerson('p1', person);
    expect((await signIn('p1')).me.groups).toMatchObject([{ name: 'Staff' }]);
  });

  test('groups are found inside of other claims', async () => {
    const { provider, signIn, addGroup } = await setup({ OIDC_GROUPS_CLAIM: 'realm_access.roles' });
    await addGroup({ name: 'Agency', claim: 'agency' });
    await provider.setPerson('p1', { ...person, groups: ['none'], realm_access: { roles: ['agency'] } });
    expect((await signIn('p1')).me.groups).toMatchObject([{ name: 'Agency' }]);
  });

  test('roles follow the groups that give them, in both directions, and the audit log says so', async () => {
    const { provider, signIn, audit } = await setup({ OIDC_ADMIN_GROUP: 'admins', OIDC_CONTRIBUTOR_GROUP: 'authors' });
    await provider.setPerson('p1', { ...person, groups: ['authors', 'admins'] });
    expect((await signIn('p1')).me.role).toBe('administrator');
    await provider.setPerson('p1', { ...person, groups: ['authors'] });
    expect((await signIn('p1')).me.role).toBe('contributor');
    await provider.setPerson('p1', person);
    const { me } = await signIn('p1');
    expect(me.role).toBe('requester');
    const changes = await audit('user.changed');
    expect(changes.map(({ before, after }) => [before.role, after.role])).toEqual([
      ['requester', 'administrator'],
      ['administrator', 'contributor'],
      ['contributor', 'requester'],
    ]);
  });
});

describe('what somebody else could try', () => {
  test('an answer with another state, another browser’s, or a used one is refused', async () => {
    const { provider, begin, finish } = await setup();
    await provider.setPerson('p1', person);
    const { url, cookie } = await begin();
    const callback = await provider.signIn(url, 'p1');
    const restart = { location: '/sign-in?error=restart', me: null };

    const tampered = new URL(callback);
    tampered.searchParams.set('state', `${callback.searchParams.get('state')}x`);
    expect(await finish(tampered, cookie)).toMatchObject(restart);
    const stateless = new URL(callback);
    stateless.searchParams.delete('state');
    expect(await finish(stateless, cookie)).toMatchObject(restart);
    const other = await begin();
    expect(await finish(callback, other.cookie)).toMatchObject(restart);
    expect(await finish(callback, '')).toMatchObject(restart);
  });

  test('an answer that was used already is refused', async () => {
    const { provider, begin, finish } = await setup();
    await provider.setPerson('p1', person);
    const { url, cookie } = await begin();
    const callback = await provider.signIn(url, 'p1');
    expect((await finish(callback, cookie)).me).toMatchObject({ email: 'person@example.com' });
    expect(await finish(callback, cookie)).toMatchObject({ location: '/sign-in?error=restart', me: null });
  });

  test('another code, or an answer in the name of another issuer, is refused', async () => {
    const { provider, begin, finish } = await setup();
    await provider.setPerson('p1', person);
    for (const [parameter, value] of [
      ['code', 'guessed'],
      ['iss', 'https://evil.example'],
    ] as const) {
      const { url, cookie } = await begin();
      const callback = await provider.signIn(url, 'p1');
      callback.searchParams.set(parameter, value);
      const { location, me } = await finish(callback, cookie);
      expect([parameter, location, me]).toEqual([parameter, '/sign-in?error=failed', null]);
    }
  });

  test('the request to the provider is bound by PKCE, state and nonce', async () => {
    const { begin } = await setup();
    const { answer, url } = await begin();
    expect(answer.statusCode).toBe(302);
    expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({
      response_type: 'code',
      client_id: 'sheaf',
      redirect_uri: `${publicUrl}/api/auth/callback/oidc`,
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^.{43}$/),
      state: expect.stringMatching(/^.{32,}$/),
      nonce: expect.stringMatching(/^.{32,}$/),
      scope: 'openid profile email',
    });
    expect(answer.headers['set-cookie']).toMatch(/HttpOnly/i);
  });

  test('an issuer whose discovery document names another is not asked', async () => {
    const { provider } = await setup();
    const { begin } = await setup({ OIDC_ISSUER: provider.issuer.replace('127.0.0.1', 'localhost') });
    expect((await begin()).url).toBe('/sign-in?error=failed');
  });
});

describe('a provider that is down', () => {
  test('is told as such, keeps nobody from using a password, and is asked again the next time', async () => {
    const running = await startProvider();
    onTestFinished(running.stop);
    const { provider, begin, finish, signIn, app, addUser } = await setup({}, running);
    await addUser('requester', { email: 'local@example.com', passwordHash: await hashPassword(password) });
    await provider.stop();
    const down = await begin();
    expect([down.answer.statusCode, down.url]).toEqual([302, '/sign-in?error=provider_unavailable']);
    const payload = { email: 'local@example.com', password };
    expect((await app.inject({ method: 'POST', url: '/api/auth/sign-in/email', payload })).statusCode).toBe(200);
    await provider.start();
    await provider.setPerson('p1', person);
    expect((await signIn('p1')).me).toMatchObject({ email: 'person@example.com' });
    const { url, cookie } = await begin();
    const callback = await provider.signIn(url, 'p1');
    await provider.stop();
    expect(await finish(callback, cookie)).toMatchObject({
      location: '/sign-in?error=provider_unavailable',
      me: null,
    });
  });

  test('somebody who changes their mind there comes back to the sign-in page', async () => {
    const { begin, finish } = await setup();
    const { url, cookie } = await begin();
    const callback = new URL(`${publicUrl}/api/auth/callback/oidc`);
    callback.searchParams.set('error', 'access_denied');
    callback.searchParams.set('state', new URL(url).searchParams.get('state')!);
    expect(await finish(callback, cookie)).toMatchObject({ location: '/sign-in?error=denied', me: null });
  });
});

describe('GET /sign-in-methods', () => {
  test('200 for nobody in particular: password, and the provider where there is one', async () => {
    const { app } = await setup();
    const answer = await app.inject({ url: '/api/v1/sign-in-methods' });
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      { password: true, oidc: { name: 'Example', url: '/api/auth/sign-in/oidc' } },
    ]);
    const plain = await setupApi();
    onTestFinished(plain.close);
    expect((await plain.app.inject({ url: '/api/v1/sign-in-methods' })).json()).toEqual({ password: true, oidc: null });
    expect((await plain.app.inject({ url: '/api/auth/sign-in/oidc' })).statusCode).toBe(404);
  });

  test('an instance with half of the settings does not start', async () => {
    const started = setupApi({ settings: { OIDC_ISSUER: 'https://id.example.com', PUBLIC_URL: publicUrl } });
    await expect(started).rejects.toThrow('OIDC_CLIENT_ID and OIDC_CLIENT_SECRET must be set');
  });
});
