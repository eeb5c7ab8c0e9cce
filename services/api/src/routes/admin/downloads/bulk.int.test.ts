import { describe, expect, onTestFinished, test } from 'vitest';
import { setupDownloads } from '../../../../../../test/harness/downloads.ts';

async function setup() {
  const api = await setupDownloads();
  onTestFinished(api.close);
  const { users, db } = api;
  const { assetId } = await api.addAsset();
  const bulk = (body: object, user = users.administrator, headers: object = {}) =>
    api.post('/admin/downloads/bulk', body, user, headers);
  return {
    ...api,
    assetId,
    bulk,
    read: (path: string, user = users.administrator) => api.get(`/admin${path}`, user),
    preview: async (body: object) => (await bulk({ ...body, preview: true })).json(),
    async failed(count: number) {
      const ids: string[] = [];
      for (let index = 0; index < count; index++) ids.push(await api.request([assetId], { name: `Kit ${index}` }));
      await db.orm.execute(
        `update downloads set state = 'failed', error = '{"code": "internal", "message": "It broke."}'`,
      );
      await db.orm.execute('delete from outbox');
      return ids;
    },
    async rows(sql: string) {
      return [...(await db.orm.execute<Record<string, unknown>>(sql))];
    },
  };
}

const retryFailed = { action: 'retry', filter: { state: 'failed' } } as const;

describe('POST /admin/downloads/bulk', () => {
  test('200: a preview tells how many it is about, of how many people, and changes nothing', async () => {
    const { bulk, failed, request, assetId, users, clock, rows, read } = await setup();
    await failed(2);
    await request([assetId], { name: 'Other' }, users.other);
    const response = await bulk({ action: 'retry', filter: {}, preview: true });
    expect(response.statusCode, response.body).toBe(200);
    expect(response.json()).toEqual({
      previewId: expect.any(String),
      action: 'retry',
      asOf: clock().toISOString(),
      total: 3,
      people: 2,
      bytes: 3_000,
      states: [
        { state: 'failed', count: 2, possible: true },
        { state: 'requested', count: 1, possible: false },
      ],
    });
    expect(await rows(`select 1 from outbox where job = 'bulk'`)).toEqual([]);
    expect(await rows(`select 1 from audit_events where action like 'bulk.%'`)).toEqual([]);
    expect((await read('/bulk-actions')).json().items).toEqual([]);
    expect((await read(`/bulk-actions/${response.json().previewId}`)).statusCode).toBe(404);
  });

  test('202: the preview is confirmed as it was; it is audited before anything is done', async () => {
    const { bulk, preview, failed, read, rows, users } = await setup();
    const ids = await failed(2);
    const { previewId } = await preview(retryFailed);
    const later = await failed(1);
    const response = await bulk({ ...retryFailed, previewId, reason: 'The disk was full' });
    expect(response.statusCode, response.body).toBe(202);
    expect(response.headers.location).toBe(`/api/v1/admin/bulk-actions/${previewId}`);
    const action = { id: previewId, state: 'queued', total: 2, done: 0, skipped: 0, reason: 'The disk was full' };
    expect(response.json()).toMatchObject({ ...action, requestedBy: { id: users.administrator.id } });
    const results = (await read(`/bulk-actions/${previewId}/results`)).json().items;
    expect(results.map(({ downloadId }: { downloadId: string }) => downloadId)).toEqual(ids);
    expect(results[0]).toMatchObject({ name: 'Kit 0', result: null, code: null });
    expect(ids).not.toContain(later[0]);

    const [event] = await rows(`select record from audit_events where action = 'bulk.requested'`);
    expect(JSON.parse(String(event?.record))).toMatchObject({
      actorId: users.administrator.id,
      detail: {
        bulkActionId: previewId,
        kind: 'retry',
        filter: { state: 'failed' },
        total: 2,
        reason: 'The disk was full',
      },
    });
    expect(await rows(`select state from downloads where state <> 'failed'`)).toEqual([]);
    expect(await rows(`select payload from outbox where job = 'bulk'`)).toEqual([
      { payload: { bulkActionId: previewId, epoch: 0 } },
    ]);
    expect((await read('/bulk-actions')).json().items).toMatchObject([action]);
  });

  test('202: without a preview it is about what the filter finds now; repeated with its key it is started once', async () => {
    const { bulk, failed, rows } = await setup();
    await failed(2);
    const key = { 'idempotency-key': 'once' };
    const first = await bulk(retryFailed, undefined, key);
    const second = await bulk(retryFailed, undefined, key);
    expect(first.statusCode, first.body).toBe(202);
    expect(second.json()).toEqual(first.json());
    expect(await rows(`select 1 from bulk_actions`)).toHaveLength(1);
    expect(await rows(`select 1 from outbox where job = 'bulk'`)).toHaveLength(1);
  });

  test('400: no reason for what cannot be undone, and filters that nothing can be found by', async () => {
    const { bulk, rows } = await setup();
    for (const body of [
      { action: 'revoke', filter: {} },
      { action: 'cancel', filter: {}, reason: '  ' },
      { action: 'delete', filter: {} },
      { action: 'retry' },
      { action: 'retry', filter: { state: 'broken' } },
      { action: 'retry', filter: { owner: 'me' } },
      { action: 'retry', filter: { sizeMin: 2, sizeMax: 1 }, preview: true },
    ]) {
      expect((await bulk(body)).json(), JSON.stringify(body)).toMatchObject({ status: 400, code: 'input.invalid' });
    }
    expect(await rows('select 1 from bulk_actions')).toEqual([]);
  });

  test('404 and 409: previews of somebody else, of another request, confirmed before, and of nothing', async () => {
    const { bulk, preview, failed, addUser, rows } = await setup();
    await failed(1);
    const { previewId } = await preview(retryFailed);
    const other = await addUser('administrator');
    expect((await bulk({ ...retryFailed, previewId }, other)).statusCode).toBe(404);
    expect((await bulk({ ...retryFailed, filter: {}, previewId })).json()).toMatchObject({ status: 409 });
    const revoke = { action: 'revoke', filter: retryFailed.filter, reason: 'x' };
    expect((await bulk({ ...revoke, previewId })).json()).toMatchObject({ status: 409 });
    expect(await rows(`select 1 from outbox where job = 'bulk'`)).toEqual([]);

    expect((await bulk({ ...retryFailed, previewId })).statusCode).toBe(202);
    expect((await bulk({ ...retryFailed, previewId })).json()).toMatchObject({
      status: 409,
      code: 'resource.conflict',
    });
    expect((await bulk({ action: 'retry', filter: { q: 'no such name' } })).json()).toMatchObject({ status: 409 });
  });

  test('403: auditors see what was done, and can do nothing; requesters see nothing', async () => {
    const { bulk, failed, read, post, users } = await setup();
    await failed(1);
    const { id } = (await bulk(retryFailed)).json();
    for (const body of [retryFailed, { ...retryFailed, preview: true }]) {
      expect((await bulk(body, users.auditor)).statusCode).toBe(403);
      expect((await bulk(body, users.requester)).statusCode).toBe(403);
    }
    expect((await post(`/admin/bulk-actions/${id}/cancel`, undefined, users.auditor)).statusCode).toBe(403);
    for (const path of ['/bulk-actions', `/bulk-actions/${id}`, `/bulk-actions/${id}/results`]) {
      expect((await read(path, users.auditor)).statusCode, path).toBe(200);
      expect((await read(path, users.requester)).statusCode, path).toBe(403);
    }
  });
});

describe('POST /admin/bulk-actions/{id}/cancel', () => {
  test('200: one that no worker has yet ends at once, and says so in the audit log; a second time is a conflict', async () => {
    const { bulk, failed, post, users, rows } = await setup();
    await failed(1);
    const { id } = (await bulk(retryFailed)).json();
    const cancel = () => post(`/admin/bulk-actions/${id}/cancel`, undefined, users.administrator);
    const response = await cancel();
    expect(response.statusCode, response.body).toBe(200);
    expect(response.json()).toMatchObject({ state: 'cancelled', cancelRequested: true, done: 0 });
    expect((await cancel()).json()).toMatchObject({ status: 409, code: 'resource.conflict' });
    expect(await rows(`select 1 from audit_events where action = 'bulk.cancelled'`)).toHaveLength(1);
  });
});
