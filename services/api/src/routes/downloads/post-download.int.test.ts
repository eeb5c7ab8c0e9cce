import { updateLicence } from '@sheaf/db/catalogue/update-licence';
import { acceptances, downloadItems, downloads } from '@sheaf/db/schema/downloads';
import { outbox } from '@sheaf/db/schema/jobs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { setupDownloads, type TestDownloads } from '../../../../../test/harness/downloads.ts';

async function setup() {
  const api = await setupDownloads();
  onTestFinished(api.close);
  return api;
}

const unknownId = '01900000-0000-7000-8000-000000000000';

async function written({ db }: TestDownloads) {
  return {
    downloads: await db.orm.$count(downloads),
    items: await db.orm.$count(downloadItems),
    acceptances: await db.orm.$count(acceptances),
    outbox: await db.orm.$count(outbox),
  };
}

describe('POST /downloads', () => {
  test('202: writes the download, its items in order and the wake-up call, and says where it is', async () => {
    const api = await setup();
    const a = await api.addAsset({ title: 'A', fileName: 'a.jpg', renditions: ['web'] });
    const b = await api.addAsset({ title: 'B', fileName: 'a.JPG' });
    await api.relay();

    const response = await api.post('/downloads', {
      name: 'Spring campaign',
      assetIds: [b.assetId, a.assetId.toUpperCase()],
      renditions: 'originals-and-static',
    });

    expect(response.statusCode, response.body).toBe(202);
    const download = response.json();
    expect(response.headers.location).toBe(`/api/v1/downloads/${download.id}`);
    expect(download).toMatchObject({
      name: 'Spring campaign',
      state: 'requested',
      requester: { id: api.users.requester.id },
      counts: { included: 2, excluded: 0 },
      progress: { entriesDone: 0, entriesTotal: 3, bytesTotal: 2_500, queuePosition: 1, etaSeconds: null },
      bundle: null,
      background: false,
      readyAt: null,
      expiresAt: null,
      error: null,
    });
    const items = (await api.get(`/downloads/${download.id}/items`)).json().items;
    expect(items.map((item: { assetId: string }) => item.assetId)).toEqual([b.assetId, a.assetId]);
    expect(items[1]).toEqual({
      assetId: a.assetId,
      title: 'A',
      outcome: 'included',
      reason: null,
      renamed: true,
      entries: [
        expect.objectContaining({ kind: 'original', name: 'original', size: 1_000, sha256: a.original.blob.sha256 }),
        expect.objectContaining({ kind: 'static', name: 'web', size: 500 }),
      ],
    });
    expect(Object.keys(items[1].entries[0]).sort()).toEqual(['kind', 'modifiedAt', 'name', 'path', 'sha256', 'size']);
    expect(await api.relay()).toEqual([`gather-${download.id}-0`]);
  });

  test('200: a single original is sent as it is, from its own address', async () => {
    const api = await setup();
    const licence = await api.addLicence();
    const { assetId, original } = await api.addAsset({ licenceId: licence.licenceId });

    const response = await api.post('/downloads', { assetIds: [assetId], acceptLicences: [licence] });

    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({ direct: `/api/v1/assets/${assetId}/renditions/${original.id}/content` });
    expect(await written(api)).toMatchObject({ downloads: 0, acceptances: 1 });
    const file = await api.app.inject({ url: response.json().direct, headers: api.users.requester.headers });
    expect(file.rawPayload.equals(original.bytes)).toBe(true);
  });

  test('records with each request who accepted which version of which terms, when and from where', async () => {
    const api = await setup();
    const licence = await api.addLicence();
    const { assetId } = await api.addAsset({ licenceId: licence.licenceId, renditions: ['web'] });
    const first = await api.request([assetId], { acceptLicences: [licence] });
    api.clock.advance(1_000);
    const second = await api.request([assetId], { acceptLicences: [licence] });

    const recorded = await api.db.orm.select().from(acceptances).orderBy(acceptances.acceptedAt);
    const now = api.clock().getTime();
    expect(recorded).toEqual(
      [first, second].map((downloadId, index) => ({
        id: expect.any(String),
        userId: api.users.requester.id,
        ...licence,
        version: 1,
        downloadId,
        assetId: null,
        ipAddress: '127.0.0.1',
        userAgent: 'lightMyRequest',
        acceptedAt: new Date(now - 1_000 + 1_000 * index),
      })),
    );
  });

  test('terms that were accepted before their approval were not on record, and count for nothing after it', async () => {
    const api = await setup();
    const licence = await api.addLicence({ approved: false });
    const licensed = await api.addAsset({ licenceId: licence.licenceId });
    const plain = await api.addAsset();
    const accepting = { acceptLicences: [licence], unavailable: 'skip' };
    const assetIds = [licensed.assetId, plain.assetId];
    const gathered = await api.request(assetIds, accepting);
    const retried = await api.request(assetIds, accepting);
    await updateLicence(api.db.orm, licence.licenceId, { approved: true }, api.clock());

    const { token } = await api.publish(gathered);
    await api.post(`/downloads/${retried}/cancel`, undefined);
    expect((await api.post(`/downloads/${retried}/retry`, undefined)).statusCode).toBe(202);

    expect(await api.db.orm.$count(acceptances)).toBe(0);
    for (const id of [gathered, retried]) {
      expect((await api.get(`/downloads/${id}/items`)).json().items).toMatchObject([
        { assetId: licensed.assetId, outcome: 'excluded', reason: 'licence.not_accepted', entries: [] },
        { assetId: plain.assetId, outcome: 'included' },
      ]);
    }
    expect((await api.app.inject({ url: `/d/${token}` })).statusCode).toBe(200);
  });

  test('an acceptance counts for whoever gave it, and for the next request too', async () => {
    const api = await setup();
    const licence = await api.addLicence();
    const { assetId } = await api.addAsset({ licenceId: licence.licenceId, renditions: ['web'] });
    await api.request([assetId], { acceptLicences: [licence] });

    await api.request([assetId]);
    const other = await api.post('/downloads', { assetIds: [assetId], renditions: 'static' }, api.users.other);

    expect(other.statusCode).toBe(422);
    expect(other.json().outcomes[0].reason).toBe('licence.not_accepted');
  });

  test('leaves out what cannot be had where the request says so, with a reason each', async () => {
    const api = await setup();
    const good = await api.addAsset({ renditions: ['web'] });
    const draft = await api.addAsset({ status: 'draft' });
    const expired = await api.addAsset({ expiresAt: new Date(api.clock().getTime() - 1_000) });
    const licence = await api.addLicence();
    const licensed = await api.addAsset({ licenceId: licence.licenceId });

    const id = await api.request([unknownId, draft.assetId, good.assetId, expired.assetId, licensed.assetId], {
      unavailable: 'skip',
    });

    const { items } = (await api.get(`/downloads/${id}/items?outcome=excluded`)).json();
    expect(items.map(({ reason, title }: { reason: string; title: string }) => [reason, title])).toEqual([
      ['asset.not_found', ''],
      ['asset.not_found', ''],
      ['asset.not_found', ''],
      ['licence.not_accepted', expect.any(String)],
    ]);
  });

  test('20 identical requests at once with one Idempotency-Key make one download, and get the same answer', async () => {
    const api = await setup();
    const { assetId } = await api.addAsset({ renditions: ['web'] });
    const body = { assetIds: [assetId], renditions: 'originals-and-static' };

    const responses = await Promise.all(
      Array.from({ length: 20 }, () => api.post('/downloads', body, api.users.requester, { 'idempotency-key': 'k' })),
    );

    expect(new Set(responses.map(({ statusCode }) => statusCode))).toEqual(new Set([202]));
    expect(new Set(responses.map(({ body: text }) => text)).size).toBe(1);
    expect(new Set(responses.map(({ headers }) => headers.location)).size).toBe(1);
    expect(await api.db.orm.$count(downloads)).toBe(1);
  });

  test('409: an Idempotency-Key that was used with another body', async () => {
    const api = await setup();
    const { assetId } = await api.addAsset({ renditions: ['web'] });
    const body = { assetIds: [assetId], renditions: 'static' };
    await api.post('/downloads', body, api.users.requester, { 'idempotency-key': 'k' });
    const before = await written(api);

    const response = await api.post('/downloads', { ...body, name: 'Other' }, api.users.requester, {
      'idempotency-key': 'k',
    });

    expect(response.statusCode).toBe(409);
    expect(response.json().code).toBe('idempotency.mismatch');
    expect(await written(api)).toEqual(before);
    const others = await api.post('/downloads', body, api.users.other, { 'idempotency-key': 'k' });
    expect(others.statusCode).toBe(202);
  });

  test('a refused request leaves its Idempotency-Key free', async () => {
    const api = await setup();
    const { assetId } = await api.addAsset({ renditions: ['web'] });
    const body = { assetIds: [assetId], renditions: 'static' };
    const send = () => api.post('/downloads', body, api.users.requester, { 'idempotency-key': 'k' });
    await api.switchVisibility({ renditionsAvailable: false });
    expect((await send()).statusCode).toBe(422);
    await api.switchVisibility({ renditionsAvailable: true });

    expect((await send()).statusCode).toBe(202);
  });

  test('401 without a session or token', async () => {
    const api = await setup();
    const response = await api.app.inject({ method: 'POST', url: '/api/v1/downloads', payload: { assetIds: [] } });
    expect([response.statusCode, response.json().code]).toEqual([401, 'auth.required']);
  });

  test('25,001 assets are over the limit, 25,000 are not', async () => {
    const api = await setup();
    const ids = Array.from(
      { length: 25_001 },
      (_, index) => `01900000-0000-7000-8000-${index.toString(16).padStart(12, '0')}`,
    );

    const over = await api.post('/downloads', { assetIds: ids, unavailable: 'skip' });
    const exactly = await api.post('/downloads', { assetIds: ids.slice(1), unavailable: 'skip' });

    expect([over.statusCode, over.json().code, over.json().limit]).toEqual([422, 'download.too_many_assets', 25_000]);
    expect([exactly.statusCode, exactly.json().code]).toEqual([422, 'download.assets_refused']);
    expect(exactly.json().outcomes).toHaveLength(25_000);
    expect(await written(api)).toMatchObject({ downloads: 0, items: 0, outbox: 0 });
  });
});
