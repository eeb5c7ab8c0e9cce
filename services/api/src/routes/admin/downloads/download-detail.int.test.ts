import { noteStepError } from '@sheaf/db/download-detail/note-step-error';
import { endDownload } from '@sheaf/db/downloads/end-download';
import { handBackDownload } from '@sheaf/db/downloads/hand-back-download';
import { settleNotification } from '@sheaf/db/notifications/settle-notification';
import { describe, expect, onTestFinished, test } from 'vitest';
import { setupDownloads } from '../../../../../../test/harness/downloads.ts';

const unknownId = '01900000-0000-7000-8000-000000000000';

async function setup() {
  const api = await setupDownloads();
  onTestFinished(api.close);
  const { users, db } = api;
  const read = (path: string, user = users.administrator) => api.get(`/admin${path}`, user);
  return {
    ...api,
    read,
    detail: async (id: string) => (await read(`/downloads/${id}`)).json(),
    async rows(sql: string) {
      return [...(await db.orm.execute<Record<string, unknown>>(sql))];
    },
  };
}

describe('GET /admin/downloads/{id}', () => {
  test('200: what happened when, to whom it was told, and under which licences', async () => {
    const { addAsset, addLicence, request, publish, read, users, app } = await setup();
    const { licenceId, sha256 } = await addLicence();
    const { assetId } = await addAsset({ licenceId });
    const id = await request([assetId], { name: 'Kit', acceptLicences: [{ licenceId, sha256 }] });
    const { token } = await publish(id);
    expect((await app.inject({ url: `/d/${token}` })).statusCode).toBe(200);
    const response = await read(`/downloads/${id}`);
    expect(response.statusCode, response.body).toBe(200);
    const detail = response.json();
    expect(detail).toMatchObject({
      download: { id, name: 'Kit', state: 'ready', delivery: 'packed' },
      options: { format: 'zip', layout: expect.any(String) },
      licences: [{ id: licenceId, title: 'Terms' }],
      acceptances: [{ licence: { id: licenceId }, version: 1, sha256 }],
      links: [{ isDefault: true, createdBy: { id: users.requester.id }, revokedAt: null }],
      parts: [{ number: 1, delivery: 'packed', sharedWith: 0 }],
      worker: null,
      crashes: 0,
    });
    expect(detail.timeline.map(({ event }: { event: string }) => event)).toEqual(
      expect.arrayContaining(['requested', 'queued', 'gathered', 'packed', 'published']),
    );
    expect(detail.steps).toMatchObject([
      { epoch: 1, step: 'gather', workerId: 'test', outcome: 'done', error: null },
      { epoch: 2, step: 'pack', workerId: 'test', outcome: 'done', error: null },
    ]);
    expect(detail.notifications).toContainEqual(
      expect.objectContaining({ event: 'download.ready', channel: 'inbox', state: 'pending', attempts: [] }),
    );
    expect(response.body).not.toContain(token);
  });

  test('200: each claim of a worker with how it ended, and the error with its stack where it failed', async () => {
    const { addAsset, request, relay, claim, db, clock, detail, rows } = await setup();
    const { assetId } = await addAsset();
    const id = await request([assetId]);
    await relay();
    const first = await claim(id, 'gather');
    const error = { code: 'storage.full', message: 'No room.', stack: 'Error: No room.\n    at write' };
    await db.transaction(async (tx) => {
      await noteStepError(tx, first, error);
      await handBackDownload(tx, { ...first, next: 'gather', failed: true, delayMs: 0 });
    });
    await claim(id, 'gather');
    await rows(`update downloads set lease_until = now() - interval '1 s'`);
    const third = await claim(id, 'gather');
    const told = { code: 'storage.full', message: 'No room.' };
    await db.transaction((tx) =>
      endDownload(tx, { ...third, state: 'failed', error: told, cause: 'web', now: clock() }),
    );
    const { steps, download } = await detail(id);
    expect(steps).toMatchObject([
      { epoch: 1, outcome: 'failed', error },
      { epoch: 2, outcome: 'lost', error: null },
      { epoch: 3, outcome: 'failed', error: null },
    ]);
    expect(download).toMatchObject({ state: 'failed', failure: 'storage.full/gather/web' });
  });

  test('200: an email that was kept is told apart from one that a mail server took', async () => {
    const { addAsset, request, publish, db, clock, detail, rows, users } = await setup();
    const { assetId } = await addAsset();
    const id = await request([assetId], { notify: { email: true, to: [] } });
    await publish(id);
    const [email] = await rows(`select id from notifications where channel = 'email'`);
    const settle = async (status: number | null) => {
      await rows(`update notifications set state = 'pending', attempts = attempts + 1 where id = '${email!.id}'`);
      const [{ attempts }] = (await rows(`select attempts from notifications where id = '${email!.id}'`)) as [
        { attempts: number },
      ];
      const claim = { id: String(email!.id), attempt: attempts, requesterId: users.requester.id };
      await db.transaction((tx) =>
        settleNotification(tx, claim, { ok: true, status }, { durationMs: 1, now: clock() }),
      );
      const { notifications } = await detail(id);
      return notifications.find(({ channel }: { channel: string }) => channel === 'email');
    };
    expect(await settle(null)).toMatchObject({ state: 'delivered', kept: true });
    expect(await settle(250)).toMatchObject({ state: 'delivered', kept: false });
  });

  test('404 and 403: one that is not there, and who may look', async () => {
    const { read, addAsset, request, users } = await setup();
    const { assetId } = await addAsset();
    const id = await request([assetId]);
    for (const path of [
      `/downloads/${unknownId}`,
      `/downloads/${unknownId}/accesses`,
      `/downloads/${unknownId}/as-requester`,
    ]) {
      expect((await read(path)).json(), path).toMatchObject({ status: 404, code: 'resource.not_found' });
    }
    for (const path of [`/downloads/${id}`, `/downloads/${id}/accesses`, `/downloads/${id}/as-requester`]) {
      expect((await read(path, users.auditor)).statusCode, path).toBe(200);
      expect((await read(path, users.requester)).statusCode, path).toBe(403);
    }
  });
});

describe('GET /admin/downloads/{id}/accesses', () => {
  test('200: who fetched how much, the newest first', async () => {
    const { addAsset, request, publish, read, rows } = await setup();
    const { assetId } = await addAsset();
    const id = await request([assetId]);
    await publish(id);
    await rows(`insert into accesses (id, download_id, part, status, bytes_sent, ip_address)
      select ('01900000-0000-7000-8000-00000000000' || n)::uuid, '${id}', 1, 206, n * 100, '192.0.2.' || n from generate_series(1, 3) n`);
    const page = (await read(`/downloads/${id}/accesses?limit=2`)).json();
    expect(page.items).toMatchObject([
      { bytesSent: 300, ipAddress: '192.0.2.3', status: 206 },
      { bytesSent: 200, ipAddress: '192.0.2.2' },
    ]);
    const rest = (await read(`/downloads/${id}/accesses?limit=2&cursor=${page.nextCursor}`)).json();
    expect(rest).toMatchObject({ items: [{ bytesSent: 100 }], nextCursor: null });
  });
});

describe('GET /admin/downloads/{id}/as-requester', () => {
  test('200: what the requester sees, without the links themselves; the audit log says who looked', async () => {
    const { addAsset, request, publish, read, get, users, rows } = await setup();
    const { assetId } = await addAsset();
    const id = await request([assetId]);
    const { token } = await publish(id);
    const own = (await get(`/downloads/${id}`)).json();
    expect(own.bundle.parts[0].url).toBe(`/d/${token}`);
    const response = await read(`/downloads/${id}/as-requester`, users.auditor);
    expect(response.statusCode, response.body).toBe(200);
    const parts = [{ ...own.bundle.parts[0], url: null }];
    expect(response.json()).toEqual({
      requester: { id: users.requester.id, name: 'requester', email: 'requester@example.com' },
      download: { ...own, bundle: { ...own.bundle, parts } },
      linksShown: 1,
    });
    expect(response.body).not.toContain(token);
    const [event] = await rows(`select actor_id, download_id from audit_events where action = 'download.viewed'`);
    expect(event).toEqual({ actor_id: users.auditor.id, download_id: id });
  });
});

describe('POST /admin/downloads/{id}/notifications/{id}/redeliver', () => {
  test('202: a settled one is sent once more; 409 on its way, 404 unknown, 403 for auditors', async () => {
    const { addAsset, request, publish, post, users, detail, rows } = await setup();
    const { assetId } = await addAsset();
    const id = await request([assetId]);
    await publish(id);
    const [{ id: notificationId }] = (await detail(id)).notifications;
    const redeliver = (which: string, user = users.administrator) =>
      post(`/admin/downloads/${id}/notifications/${which}/redeliver`, undefined, user);
    expect((await redeliver(notificationId)).json()).toMatchObject({ status: 409, code: 'resource.conflict' });
    await rows(`update notifications set state = 'failed', attempts = 3`);
    expect((await redeliver(notificationId, users.auditor)).statusCode).toBe(403);
    await rows('delete from outbox');
    const response = await redeliver(notificationId);
    expect(response.statusCode, response.body).toBe(202);
    expect(response.json().notifications).toContainEqual(
      expect.objectContaining({ id: notificationId, state: 'pending' }),
    );
    expect(await rows(`select payload from outbox where job = 'notify'`)).toEqual([{ payload: { notificationId } }]);
    expect(await rows(`select 1 from audit_events where action = 'notification.redelivered'`)).toHaveLength(1);
    expect((await redeliver(unknownId)).statusCode).toBe(404);
  });
});

describe('GET /admin/failures', () => {
  test('200: downloads that failed alike, with how many people and one of them; renditions and stored files too', async () => {
    const { addAsset, request, read, rows, users, clock, relay, claim, db } = await setup();
    const { assetId, original } = await addAsset({ renditions: ['web'] });
    const fail = async (user: typeof users.requester, code: string) => {
      const id = await request([assetId], { name: code }, user);
      await relay();
      const held = await claim(id, 'gather');
      const error = { code, message: `It said ${code}.` };
      await db.transaction((tx) => endDownload(tx, { ...held, state: 'failed', error, now: clock() }));
      clock.advance(1_000);
      return id;
    };
    const firstAt = clock().toISOString();
    await fail(users.requester, 'storage.full');
    await fail(users.requester, 'storage.full');
    const lastAt = clock().toISOString();
    const last = await fail(users.other, 'storage.full');
    await fail(users.other, 'internal');
    await rows(`update renditions set state = 'failed', error = 'Not a picture' where kind = 'static'`);
    await rows(`update blobs set fault = 'missing' where sha256 = '${original.blob.sha256}'`);

    const response = await read('/failures');
    expect(response.statusCode, response.body).toBe(200);
    expect(response.json()).toMatchObject({
      downloads: [
        {
          failure: 'storage.full/gather',
          code: 'storage.full',
          step: 'gather',
          cause: null,
          count: 3,
          people: 2,
          firstAt,
          lastAt,
          sample: { id: last, name: 'storage.full', message: 'It said storage.full.' },
        },
        { failure: 'internal/gather', count: 1, people: 1 },
      ],
      renditions: [{ kind: 'static', name: 'web', error: 'Not a picture', count: 1, sample: { assetId } }],
      storage: [{ fault: 'missing', files: 1, assets: 1 }],
    });
    const found = await read(`/downloads?failure=${encodeURIComponent('storage.full/gather')}`);
    expect(found.json().items).toHaveLength(3);

    const since = encodeURIComponent(lastAt);
    expect((await read(`/failures?from=${since}`)).json().downloads).toMatchObject([{ count: 1 }, { count: 1 }]);
    expect((await read(`/failures?from=${since}&to=${since}`)).statusCode).toBe(400);
    expect((await read('/failures', users.auditor)).statusCode).toBe(200);
    expect((await read('/failures', users.requester)).statusCode).toBe(403);
  });

  test('200: what was retried is no failure any more', async () => {
    const { addAsset, request, read, post, rows, users } = await setup();
    const { assetId } = await addAsset();
    const id = await request([assetId]);
    await rows(
      `update downloads set state = 'failed', error = '{"code": "internal", "message": ""}', finished_at = now()`,
    );
    expect((await read('/failures')).json().downloads).toMatchObject([{ failure: 'internal/wait', count: 1 }]);
    expect((await post(`/downloads/${id}/retry`, undefined, users.administrator)).statusCode).toBe(202);
    expect((await read('/failures')).json().downloads).toEqual([]);
  });
});
