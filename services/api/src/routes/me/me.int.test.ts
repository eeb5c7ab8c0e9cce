import { insertInboxItem } from '@sheaf/db/notifications/insert-inbox-item';
import { keepMail } from '@sheaf/db/notifications/keep-mail';
import { downloads } from '@sheaf/db/schema/downloads';
import { type Channel, notifications } from '@sheaf/db/schema/notifications';
import { createSealer } from '@sheaf/runtime/seal';
import { describe, expect, onTestFinished, test } from 'vitest';
import { setupApi, type TestApi, type TestUser } from '../../../../../test/harness/api.ts';

const unknownId = '0197a0b1-c2d3-7e4f-8a5b-6c7d8e9f0a1b';

async function setup() {
  const api = await setupApi();
  onTestFinished(api.close);
  const call = (
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    url: string,
    payload?: object,
    user: TestUser = api.users.requester,
  ) => api.app.inject({ method, url: `/api/v1/me${url}`, headers: user.headers, ...(payload && { payload }) });
  return { ...api, call };
}

/** A notification as the worker leaves it. */
async function addNotification({ db }: TestApi, user: TestUser, channel: Channel, recipient: string): Promise<string> {
  const request = {
    name: 'x',
    renditions: 'originals',
    layout: 'flat',
    format: 'zip',
    compression: 'store',
    partSize: null,
    expiredAssets: 'exclude',
    unavailable: 'fail',
    notify: { email: true, to: [] },
  } as const;
  const [download] = await db.orm
    .insert(downloads)
    .values({
      requesterId: user.id,
      name: 'x',
      background: true,
      included: 1,
      excluded: 0,
      request: { ...request, notify: { email: true, to: [] } },
    })
    .returning();
  const [row] = await db.orm
    .insert(notifications)
    .values({ downloadId: download!.id, event: 'download.ready', epoch: 1, channel, recipient })
    .returning();
  return row!.id;
}

describe('GET /me and PATCH /me/preferences', () => {
  test('say and change how I like it', async () => {
    const { call, users } = await setup();
    expect((await call('GET', '')).json()).toEqual({
      id: users.requester.id,
      email: 'requester@example.com',
      name: 'requester',
      role: 'requester',
      dynamicRenditions: false,
      hasPassword: false,
      preferences: { emailNotifications: true, language: 'en' },
      maxUploadBytes: null,
      groups: [],
      quota: [],
    });
    const changed = await call('PATCH', '/preferences', { emailNotifications: false });
    expect([changed.statusCode, changed.json()]).toEqual([200, { emailNotifications: false, language: 'en' }]);
    await call('PATCH', '/preferences', { language: 'de-CH' });
    expect((await call('GET', '')).json().preferences).toEqual({ emailNotifications: false, language: 'de-CH' });
  });

  test.each([[{}], [{ language: 'german!' }], [{ emailNotifications: 'no' }], [{ role: 'administrator' }]])(
    '%j is refused',
    async (payload) => {
      const { call } = await setup();
      const answer = await call('PATCH', '/preferences', payload);
      expect([answer.statusCode, answer.json().code]).toEqual([400, 'input.invalid']);
    },
  );
});

describe('/me/tokens', () => {
  test('a token is shown once, works, and stops when it is revoked', async () => {
    const { call, app } = await setup();
    const created = await call('POST', '/tokens', { name: 'ci' });
    expect(created.statusCode).toBe(201);
    const { token, ...shown } = created.json();
    expect((await call('GET', '/tokens')).json().items[0]).toEqual(shown);
    const me = () => app.inject({ url: '/api/v1/me', headers: { authorization: `Bearer ${token}` } });
    expect((await me()).statusCode).toBe(200);

    expect((await call('DELETE', `/tokens/${shown.id}`)).statusCode).toBe(204);

    expect((await me()).statusCode).toBe(401);
    expect((await call('DELETE', `/tokens/${shown.id}`)).statusCode).toBe(404);
  });

  test("another user's token is 404 and stays", async () => {
    const { call, users } = await setup();
    const { id } = (await call('POST', '/tokens', { name: 'ci' }, users.other)).json();
    expect((await call('DELETE', `/tokens/${id}`)).statusCode).toBe(404);
    const left = (await call('GET', '/tokens', undefined, users.other)).json().items;
    expect(left.map((token: { id: string }) => token.id)).toContain(id);
  });

  test('an end in the past is refused', async () => {
    const { call, clock } = await setup();
    const answer = await call('POST', '/tokens', { name: 'x', expiresAt: clock().toISOString() });
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'input.invalid']);
  });
});

describe('/me/inbox', () => {
  test('holds my entries, newest first, and remembers when I first read them', async () => {
    const api = await setup();
    const { call, db, users, clock } = api;
    for (const title of ['first', 'second']) {
      const notificationId = await addNotification(api, users.requester, 'inbox', users.requester.id);
      const item = { userId: users.requester.id, notificationId, event: 'download.ready' as const, title };
      await insertInboxItem(db.orm, { ...item, body: { counts: { included: 1 } } });
    }
    const { items } = (await call('GET', '/inbox')).json();
    expect(items).toMatchObject([
      { title: 'second', event: 'download.ready', readAt: null, body: { counts: { included: 1 } } },
      { title: 'first' },
    ]);
    expect((await call('GET', '/inbox', undefined, users.other)).json().items).toEqual([]);

    const readAt = clock().toISOString();
    expect((await call('POST', `/inbox/${items[0].id}/read`)).statusCode).toBe(204);
    clock.advance(60_000);
    await call('POST', `/inbox/${items[0].id}/read`);
    expect((await call('GET', '/inbox?limit=1')).json().items[0].readAt).toBe(readAt);
  });

  test('counts what is unread on whatever page, and all of what was seen can be read at once', async () => {
    const api = await setup();
    const { call, db, users } = api;
    const add = async (title: string) => {
      const notificationId = await addNotification(api, users.requester, 'inbox', users.requester.id);
      const item = { userId: users.requester.id, notificationId, event: 'download.ready' as const, title };
      await insertInboxItem(db.orm, { ...item, body: {} });
    };
    await add('first');
    await add('second');
    const { items, unread } = (await call('GET', '/inbox?limit=1')).json();
    expect([items[0].title, unread]).toEqual(['second', 2]);
    await add('third');

    const marked = await call('POST', '/inbox/read', { upTo: items[0].id });

    expect([marked.statusCode, marked.json()]).toEqual([200, { marked: 2 }]);
    const after = (await call('GET', '/inbox')).json();
    expect(after.unread).toBe(1);
    expect(after.items.map(({ readAt }: { readAt: string | null }) => readAt === null)).toEqual([true, false, false]);
    expect((await call('POST', '/inbox/read', { upTo: items[0].id }, users.other)).json()).toEqual({ marked: 0 });
    expect((await call('POST', '/inbox/read', { upTo: 'x' })).statusCode).toBe(400);
  });

  test("another user's entry and an unknown one are 404", async () => {
    const api = await setup();
    const { call, db, users } = api;
    const notificationId = await addNotification(api, users.other, 'inbox', users.other.id);
    await insertInboxItem(db.orm, {
      userId: users.other.id,
      notificationId,
      event: 'download.ready',
      title: 'x',
      body: {},
    });
    const [item] = (await call('GET', '/inbox', undefined, users.other)).json().items;
    expect((await call('POST', `/inbox/${item.id}/read`)).statusCode).toBe(404);
    expect((await call('POST', `/inbox/${unknownId}/read`)).statusCode).toBe(404);
  });
});

describe('/me/mails', () => {
  async function setupMails() {
    const api = await setup();
    const keep = async (user: TestUser, toAddress: string, subject: string, sealer = api.deps.sealers.mail) => {
      const notificationId = await addNotification(api, user, 'email', toAddress);
      const [sealedText, sealedHtml] = [sealer.seal('text'), sealer.seal('<p>text</p>')];
      await keepMail(api.db.orm, { notificationId, toAddress, subject, sealedText, sealedHtml });
    };
    return { ...api, keep };
  }

  test('a message sealed with another key is listed as one that cannot be opened, beside the others', async () => {
    const { call, users, keep } = await setupMails();
    const { requester } = users;
    await keep(requester, requester.email, 'before', createSealer('the key of the instance before this one', 'mail'));
    await keep(requester, requester.email, 'after');

    const answer = await call('GET', '/mails');

    expect(answer.statusCode).toBe(200);
    expect(answer.json().items).toMatchObject([
      { subject: 'after', text: 'text' },
      { subject: 'before', text: expect.stringContaining('cannot be opened') },
    ]);
  });

  test('shows the messages to me and about my downloads, and nobody else theirs', async () => {
    const { call, users, keep } = await setupMails();
    await keep(users.requester, 'colleague@example.com', 'about mine');
    await keep(users.other, users.requester.email.toUpperCase(), 'to me');
    await keep(users.other, users.other.email, 'not mine');

    const { items } = (await call('GET', '/mails')).json();

    expect(items.map((mail: { subject: string }) => mail.subject)).toEqual(['to me', 'about mine']);
    expect(items[0]).toMatchObject({ to: 'REQUESTER@EXAMPLE.COM', text: 'text', html: '<p>text</p>' });
  });
});
