import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AuditEventJson } from '@sheaf/contract/audit';
import { appendAuditEvents } from '@sheaf/db/audit/append-audit-event';
import type { AuditEvent } from '@sheaf/domain/audit-event';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { collectGarbage } from '../../../../../test/harness/collect-garbage.ts';
import { setupDownloads } from '../../../../../test/harness/downloads.ts';

const at = new Date('2026-03-04T05:06:07.089Z');
const unknownId = '01900000-0000-7000-8000-000000000000';

/** Bytes that cannot be freed. */
function memoryInUse(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function setup() {
  const api = await setupDownloads();
  onTestFinished(api.close);
  const { users, db } = api;
  const list = (query = '', headers: object = {}) => api.get(`/admin/audit${query}`, users.administrator, headers);
  return {
    ...api,
    list,
    append: (...events: Partial<AuditEvent>[]) =>
      appendAuditEvents(
        db.orm,
        events.map((event) => ({ at, action: 'asset.changed', ...event })),
      ),
    seqs: async (query: string) => (await list(query)).json().items.map(({ seq }: AuditEventJson) => seq),
    actions: async (query: string) =>
      (await list(query))
        .json()
        .items.map(({ action }: AuditEventJson) => action)
        .toSorted(),
  };
}

describe('GET /admin/audit', () => {
  test('200: who did what, when and from where, with the hash that chains it', async () => {
    const { list, append, users } = await setup();
    const actorId = users.requester.id;
    await append({ actorId, ipAddress: '192.0.2.1', userAgent: 'Test/1', detail: { before: {}, after: {} } });
    const response = await list();
    expect(response.statusCode, response.body).toBe(200);
    expect(response.json()).toEqual({
      items: [
        {
          seq: 1,
          at: at.toISOString(),
          actor: { id: actorId, name: 'requester', email: 'requester@example.com' },
          action: 'asset.changed',
          downloadId: null,
          assetId: null,
          licenceId: null,
          ipAddress: '192.0.2.1',
          userAgent: 'Test/1',
          detail: { before: {}, after: {} },
          hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
      ],
      nextCursor: null,
    });
  });

  test('200: pages hold every event once, the newest first, also while more are appended', async () => {
    const { list, append } = await setup();
    await append(...Array.from({ length: 7 }, () => ({})));
    const seqs: number[] = [];
    let cursor = '';
    for (;;) {
      const { items, nextCursor } = (await list(`?limit=3${cursor}`)).json();
      seqs.push(...items.map(({ seq }: AuditEventJson) => seq));
      await append({});
      if (nextCursor === null) break;
      cursor = `&cursor=${nextCursor}`;
    }
    expect(seqs).toEqual([7, 6, 5, 4, 3, 2, 1]);
  });

  test('200: filters by user, download, action, time and text, alone and together', async () => {
    const { append, seqs, users } = await setup();
    const actorId = users.requester.id;
    const later = new Date(at.getTime() + 1_000);
    await append(
      { actorId },
      { actorId, downloadId: unknownId, action: 'download.cancelled' },
      { at: later, detail: { name: '100 % Ärger' } },
      { at: later, actorId, detail: { name: '1000' } },
    );
    expect(await seqs(`?userId=${actorId}`)).toEqual([4, 2, 1]);
    expect(await seqs(`?downloadId=${unknownId}`)).toEqual([2]);
    expect(await seqs('?action=download.cancelled')).toEqual([2]);
    expect(await seqs(`?from=${later.toISOString()}`)).toEqual([4, 3]);
    expect(await seqs(`?to=${later.toISOString()}`)).toEqual([2, 1]);
    expect(await seqs(`?q=${encodeURIComponent('100 % ä')}`)).toEqual([3]);
    expect(await seqs(`?userId=${actorId}&from=${later.toISOString()}&q=1000`)).toEqual([4]);
    expect(await seqs(`?userId=${unknownId}`)).toEqual([]);
  });

  test('200: an asset’s events are its own, and those of the downloads that it is in', async () => {
    const api = await setup();
    const [asset, other] = [await api.addAsset({ renditions: ['web'] }), await api.addAsset({ renditions: ['web'] })];
    await api.publish(await api.request([asset.assetId, other.assetId]));
    await api.request([other.assetId]);
    await api.append({ assetId: asset.assetId }, { assetId: other.assetId });
    expect(await api.actions(`?assetId=${asset.assetId}`)).toEqual([
      'asset.changed',
      'download.ready',
      'download.requested',
    ]);
    expect(await api.actions(`?assetId=${unknownId}`)).toEqual([]);
  });

  test('200: a licence’s events are its own, and those of downloads under it, also by what was accepted before', async () => {
    const api = await setup();
    const licence = await api.addLicence();
    const { assetId } = await api.addAsset({ licenceId: licence.licenceId, renditions: ['web'] });
    const free = await api.addAsset({ renditions: ['web'] });
    await api.request([assetId], { acceptLicences: [licence] });
    await api.request([assetId]);
    await api.request([free.assetId]);
    expect(await api.actions(`?licenceId=${licence.licenceId}`)).toEqual([
      'download.requested',
      'download.requested',
      'licence.accepted',
    ]);
  });

  test.each([
    '?limit=0',
    '?action=asset.vanished',
    '?userId=x',
    '?from=yesterday',
    '?format=xml',
    '?cursor=MDE',
    '?x=1',
  ])('400: %s', async (query) => {
    const { list } = await setup();
    expect((await list(query)).json()).toMatchObject({ status: 400, code: 'input.invalid' });
  });

  test('401 and 403: for administrators only, as CSV too', async () => {
    const { app, get, users } = await setup();
    expect((await app.inject({ url: '/api/v1/admin/audit?format=csv' })).statusCode).toBe(401);
    for (const user of [users.requester, users.contributor]) {
      expect((await get('/admin/audit?format=csv', user)).statusCode).toBe(403);
    }
  });
});

describe('GET /admin/audit as CSV', () => {
  test.each([
    ['format=csv', '?format=csv', {}],
    ['Accept: text/csv', '', { accept: 'text/csv;q=0.9, */*;q=0.1' }],
  ])('%s: everything that the filters let through, to be saved as a file', async (_name, query, headers) => {
    const { list, append, users } = await setup();
    await append({ actorId: users.requester.id, detail: { text: 'a "b", c' } }, {});
    const response = await list(query, headers);
    expect(response.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': expect.stringMatching(/^attachment; filename=audit-\d{4}-\d\d-\d\d\.csv$/),
    });
    const [header, second, first] = response.body.split('\r\n');
    expect(header).toBe(
      'seq,at,actorId,actorName,actorEmail,action,downloadId,assetId,licenceId,ipAddress,userAgent,detail,hash',
    );
    expect(second).toMatch(/^2,2026-03-04T05:06:07\.089Z,,,,asset\.changed,,,,,,{},[0-9a-f]{64}$/);
    expect(first).toContain(`,${users.requester.id},requester,requester@example.com,asset.changed,`);
    expect(first).toContain(`"{""text"":""a \\""b\\"", c""}"`);
  });

  test.each(['=1+1', '+1', '-1', '@x', '\tx', '\rx'])('no cell is a formula: %j', async (userAgent) => {
    const { list, append } = await setup();
    await append({ userAgent });
    const [, row] = (await list('?format=csv')).body.split('\r\n');
    expect(row).toContain(`'${userAgent}`);
    expect(row).not.toContain(`,${userAgent}`);
  });

  test('an empty log is a header alone', async () => {
    const { list } = await setup();
    expect((await list('?format=csv')).body.split('\r\n')).toEqual([expect.stringMatching(/^seq,/), '']);
  });

  /** A server that counts the pages read of a log of 50,000 events, each of about 1 KB. */
  async function setupLarge() {
    const api = await setup();
    const detail = { text: 'x'.repeat(500) };
    for (let n = 0; n < 10; n++) await api.append(...Array.from({ length: 5_000 }, () => ({ detail })));
    await api.app.listen({ host: '127.0.0.1', port: 0 });
    const select = vi.spyOn(api.db.orm, 'select');
    const { port } = api.app.server.address() as AddressInfo;
    const request = get({
      port,
      host: '127.0.0.1',
      path: '/api/v1/admin/audit?format=csv',
      headers: api.users.administrator.headers,
      agent: false,
    });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return { response, pagesRead: () => select.mock.calls.length };
  }

  test('50,000 events take no more memory than a few pages, and all of them arrive', async () => {
    const { response } = await setupLarge();
    let [rows, least, most] = [0, Number.POSITIVE_INFINITY, 0];
    for await (const chunk of response) {
      const former = rows;
      rows += String(chunk).split('\n').length - 1;
      if (Math.floor(rows / 5_000) === Math.floor(former / 5_000)) continue;
      const held = memoryInUse();
      least = Math.min(least, held);
      most = Math.max(most, held);
    }
    expect(rows).toBe(50_001);
    // The file has about 35 MB.
    expect(most - least).toBeLessThan(15_000_000);
  });

  test('who reads slowly, or goes away, stops the reading of the log', async () => {
    const { response, pagesRead } = await setupLarge();
    await once(response, 'readable');
    await vi.waitFor(async () => {
      const pages = pagesRead();
      await new Promise((resolve) => setImmediate(resolve));
      expect(pagesRead()).toBe(pages);
    });
    const pages = pagesRead();
    expect(pages).toBeLessThan(100);
    response.destroy();
    await once(response, 'close');
    expect(pagesRead()).toBeLessThanOrEqual(pages + 1);
  });
});
