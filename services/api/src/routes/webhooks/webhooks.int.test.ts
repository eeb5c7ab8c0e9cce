import { downloads } from '@sheaf/db/schema/downloads';
import { notificationAttempts, notifications } from '@sheaf/db/schema/notifications';
import { describe, expect, onTestFinished, test } from 'vitest';
import { setupApi, type TestUser } from '../../../../../test/harness/api.ts';

const unknownId = '0197a0b1-c2d3-7e4f-8a5b-6c7d8e9f0a1b';
const url = 'https://example.com/hook';

async function setup() {
  const api = await setupApi();
  onTestFinished(api.close);
  const { app, db, users } = api;
  const call = (
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path = '',
    payload?: object,
    user: TestUser = users.requester,
  ) => app.inject({ method, url: `/api/v1/webhooks${path}`, headers: user.headers, ...(payload && { payload }) });
  const add = async (user?: TestUser) => (await call('POST', '', { url }, user)).json();
  /** A delivery as the worker leaves it, after one attempt. */
  const deliver = async (webhookId: string, state: 'pending' | 'delivered' | 'failed', user = users.requester) => {
    const [download] = await db.orm
      .insert(downloads)
      .values({
        requesterId: user.id,
        name: 'x',
        background: true,
        included: 1,
        excluded: 0,
        request: {
          name: 'x',
          renditions: 'originals',
          layout: 'flat',
          format: 'zip',
          compression: 'store',
          partSize: null,
          expiredAssets: 'exclude',
          unavailable: 'fail',
          notify: { email: true, to: [] },
        },
      })
      .returning();
    const [row] = await db.orm
      .insert(notifications)
      .values({
        downloadId: download!.id,
        event: 'download.ready',
        epoch: 1,
        channel: 'webhook',
        recipient: webhookId,
        webhookId,
        state,
        attempts: 1,
      })
      .returning();
    await db.orm.insert(notificationAttempts).values({
      notificationId: row!.id,
      number: 1,
      ok: state === 'delivered',
      status: state === 'delivered' ? 204 : 500,
      durationMs: 12,
    });
    return { deliveryId: row!.id, downloadId: download!.id };
  };
  return { ...api, call, add, deliver };
}

describe('webhooks', () => {
  test('the signing secret is shown once, in the form of Standard Webhooks, and stored sealed', async () => {
    const { add, call, db, deps } = await setup();
    const { secret, ...shown } = await add();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(shown).toMatchObject({
      url,
      enabled: true,
      events: ['download.ready', 'download.failed', 'download.expired', 'download.cancelled'],
    });
    expect((await call('GET')).json().items).toEqual([shown]);
    const [row] = await db.orm.query.webhooks.findMany();
    expect(row?.sealedSecret.toString('latin1')).not.toContain(secret.slice(6));
    expect(deps.sealers.webhook.open(row!.sealedSecret)).toBe(secret);
  });

  test.each([
    [{ url: 'ftp://example.com' }],
    [{ url: 'example.com' }],
    [{ url: 'javascript:alert(1)' }],
    [{ url: 'https://user:password@example.com' }],
    [{ url, events: [] }],
    [{ url, events: ['download.started'] }],
    [{ url, secret: 'my own' }],
    [{}],
  ])('%j is refused', async (payload) => {
    const { call, db } = await setup();
    const answer = await call('POST', '', payload);
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'input.invalid']);
    expect(await db.orm.query.webhooks.findMany()).toEqual([]);
  });

  test('each is at its Location for its owner, and 404 for everybody else', async () => {
    const { app, call, users } = await setup();
    const created = await call('POST', '', { url });
    const { secret, ...shown } = created.json();
    const location = created.headers.location!;
    const answer = await app.inject({ url: location, headers: users.requester.headers });
    expect([answer.statusCode, answer.json()]).toEqual([200, shown]);
    expect((await app.inject({ url: location, headers: users.other.headers })).statusCode).toBe(404);
    expect((await call('GET', `/${unknownId}`)).statusCode).toBe(404);
  });

  test('can be changed, switched off and removed', async () => {
    const { add, call } = await setup();
    const { id } = await add();
    const events = ['download.failed'];
    const changed = await call('PATCH', `/${id}`, { url: 'http://127.0.0.1:9000/x', events, enabled: false });
    expect([changed.statusCode, changed.json()]).toEqual([
      200,
      expect.objectContaining({ url: 'http://127.0.0.1:9000/x', events, enabled: false }),
    ]);
    expect((await call('PATCH', `/${id}`, { url: 'nothing' })).statusCode).toBe(400);
    expect((await call('DELETE', `/${id}`)).statusCode).toBe(204);
    expect((await call('GET')).json().items).toEqual([]);
    expect((await call('DELETE', `/${id}`)).statusCode).toBe(404);
  });

  test('a new secret is shown once, and the one before signs on for 24 hours; no third one does', async () => {
    const { add, call, db, deps } = await setup();
    const { id, secret: first } = await add();
    const until = (hours: number) => deps.clock().getTime() + hours * 60 * 60_000;

    const [soonest, answer, latest] = [until(24), await call('POST', `/${id}/rotate-secret`), until(24)];

    const { secret: second, ...shown } = answer.json();
    expect(answer.statusCode).toBe(200);
    expect(second).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(second).not.toBe(first);
    const previousUntil = Date.parse(shown.previousSecretUntil);
    expect(previousUntil).toBeGreaterThanOrEqual(soonest);
    expect(previousUntil).toBeLessThanOrEqual(latest);
    expect((await call('GET', `/${id}`)).json()).toEqual(shown);
    const secrets = async () => {
      const [row] = await db.orm.query.webhooks.findMany();
      return [row!.sealedSecret, row!.previousSealedSecret!].map((sealed) => deps.sealers.webhook.open(sealed));
    };
    expect(await secrets()).toEqual([second, first]);

    const { secret: third } = (await call('POST', `/${id}/rotate-secret`)).json();
    expect(await secrets()).toEqual([third, second]);
  });

  test('a rotation that is asked for again under its key gives the secret that it gave', async () => {
    const { add, app, db, users } = await setup();
    const { id } = await add();
    const rotate = () =>
      app.inject({
        method: 'POST',
        url: `/api/v1/webhooks/${id}/rotate-secret`,
        headers: { ...users.requester.headers, 'idempotency-key': 'once' },
      });
    const [first, again] = [(await rotate()).json(), (await rotate()).json()];
    expect(again).toEqual(first);
    const stored = await db.orm.execute('select t::text as content from idempotency_keys t');
    expect(JSON.stringify(stored)).not.toContain(first.secret.slice(6));
  });

  test('one that was switched off by itself says when and why, and begins without a blemish once it is switched on', async () => {
    const { add, call, db } = await setup();
    const { id } = await add();
    await db.orm.execute(
      `update webhooks set enabled = false, disabled_at = '2026-03-04T05:06:07Z', disabled_reason = 'failing',
         failing_since = '2026-02-27T00:00:00Z', last_failed_at = '2026-03-04T05:06:07Z'`,
    );
    const ended = { enabled: false, disabledAt: '2026-03-04T05:06:07.000Z', disabledReason: 'failing' };
    expect((await call('GET', `/${id}`)).json()).toMatchObject(ended);
    expect((await call('GET')).json().items).toMatchObject([ended]);
    expect((await call('PATCH', `/${id}`, { events: ['download.ready'] })).json()).toMatchObject(ended);
    expect((await call('PATCH', `/${id}`, { enabled: true })).json()).toMatchObject({
      enabled: true,
      disabledAt: null,
      disabledReason: null,
    });
    const [row] = await db.orm.query.webhooks.findMany();
    expect(row).toMatchObject({ failingSince: null, lastFailedAt: null });
  });

  test("another user's webhook is 404 in every call, for administrators too", async () => {
    const { add, call, deliver, users } = await setup();
    const { id } = await add();
    const { deliveryId } = await deliver(id, 'failed');
    for (const user of [users.other, users.administrator]) {
      const answers = await Promise.all([
        call('PATCH', `/${id}`, { enabled: false }, user),
        call('DELETE', `/${id}`, undefined, user),
        call('GET', `/${id}/deliveries`, undefined, user),
        call('POST', `/${id}/deliveries/${deliveryId}/replay`, undefined, user),
        call('POST', `/${id}/rotate-secret`, undefined, user),
      ]);
      expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404, 404, 404]);
    }
    expect((await call('GET')).json().items).toHaveLength(1);
  });

  test('are paged by key', async () => {
    const { add, call } = await setup();
    const ids = [];
    for (let i = 0; i < 3; i++) ids.unshift((await add()).id);
    const first = (await call('GET', '?limit=2')).json();
    const second = (await call('GET', `?limit=2&cursor=${first.nextCursor}`)).json();
    expect([...first.items, ...second.items].map((webhook) => webhook.id)).toEqual(ids);
    expect(second.nextCursor).toBeNull();
  });
});

describe('deliveries', () => {
  test('show every attempt, newest delivery first', async () => {
    const { add, call, deliver } = await setup();
    const { id } = await add();
    const failed = await deliver(id, 'failed');
    const delivered = await deliver(id, 'delivered');
    const { items } = (await call('GET', `/${id}/deliveries`)).json();
    expect(items).toMatchObject([
      {
        id: delivered.deliveryId,
        state: 'delivered',
        attempts: [{ number: 1, ok: true, status: 204, durationMs: 12 }],
      },
      { id: failed.deliveryId, downloadId: failed.downloadId, state: 'failed', attempts: [{ ok: false, status: 500 }] },
    ]);
  });

  test('a replay sends a settled one again, under its old id', async () => {
    const { add, call, deliver, db } = await setup();
    const { id } = await add();
    const { deliveryId } = await deliver(id, 'failed');
    const answer = await call('POST', `/${id}/deliveries/${deliveryId}/replay`);
    expect([answer.statusCode, answer.json()]).toEqual([
      202,
      expect.objectContaining({ id: deliveryId, state: 'pending', deliveredAt: null }),
    ]);
    const jobs = await db.orm.query.outbox.findMany();
    expect(jobs).toMatchObject([
      { job: 'notify', jobId: `notify-${deliveryId}-2`, payload: { notificationId: deliveryId } },
    ]);
  });

  test('a replay of one that is on its way, or of a webhook that is switched off, is a conflict', async () => {
    const { add, call, deliver, db } = await setup();
    const { id } = await add();
    const pending = await deliver(id, 'pending');
    const failed = await deliver(id, 'failed');
    const replay = (deliveryId: string) => call('POST', `/${id}/deliveries/${deliveryId}/replay`);
    expect((await replay(pending.deliveryId)).json()).toMatchObject({ status: 409, code: 'resource.conflict' });
    await call('PATCH', `/${id}`, { enabled: false });
    expect((await replay(failed.deliveryId)).statusCode).toBe(409);
    expect(await db.orm.query.outbox.findMany()).toEqual([]);
  });

  test('one that is not there, or of another webhook, is 404', async () => {
    const { add, call, deliver } = await setup();
    const [first, second] = [await add(), await add()];
    const { deliveryId } = await deliver(first.id, 'failed');
    expect((await call('POST', `/${first.id}/deliveries/${unknownId}/replay`)).statusCode).toBe(404);
    expect((await call('POST', `/${second.id}/deliveries/${deliveryId}/replay`)).statusCode).toBe(404);
    expect((await call('GET', `/${unknownId}/deliveries`)).statusCode).toBe(404);
  });
});
