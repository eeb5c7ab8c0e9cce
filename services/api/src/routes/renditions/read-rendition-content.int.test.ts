import { rm } from 'node:fs/promises';
import path from 'node:path';
import { findBlob } from '@sheaf/db/catalogue/find-blob';
import { accesses } from '@sheaf/db/schema/links';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { TestUser } from '../../../../../test/harness/api.ts';
import { type NewTestAsset, setupDownloads } from '../../../../../test/harness/downloads.ts';

/** One asset, and how to fetch its files. */
async function setup(asset: NewTestAsset = {}) {
  const api = await setupDownloads();
  onTestFinished(api.close);
  const { assetId, original, renditions } = await api.addAsset(asset);
  const fetch = (
    renditionId: string,
    {
      query = '',
      headers = {},
      user = api.users.requester,
    }: { query?: string; headers?: object; user?: TestUser } = {},
  ) => api.get(`/assets/${assetId}/renditions/${renditionId}/content${query}`, user, headers);
  return { ...api, assetId, original, renditions, fetch };
}

const unknownId = '01900000-0000-7000-8000-000000000000';

describe('GET /assets/{id}/renditions/{renditionId}/content', () => {
  test('200: the file as it is, exact to the byte, to be saved under its name', async () => {
    const { fetch, original } = await setup({ fileName: 'Größe "A"; x.jpg' });

    const response = await fetch(original.id);

    expect(response.statusCode, response.body).toBe(200);
    expect(response.rawPayload.equals(original.bytes)).toBe(true);
    expect(response.headers).toMatchObject({
      'content-type': 'image/jpeg',
      'content-length': '1000',
      'accept-ranges': 'bytes',
      etag: `"${original.blob.sha256}"`,
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    });
    expect(response.headers['content-disposition']).toMatch(
      /^attachment; filename=.*filename\*=UTF-8''Gr%C3%B6%C3%9Fe/,
    );
  });

  test('206, 304, 416 and HEAD as for archives', async () => {
    const { fetch, original, app, assetId, users } = await setup();

    const part = await fetch(original.id, { headers: { range: 'bytes=10-19' } });
    const known = await fetch(original.id, { headers: { 'if-none-match': `"${original.blob.sha256}"` } });
    const past = await fetch(original.id, { headers: { range: 'bytes=1000-' } });
    const head = await app.inject({
      method: 'HEAD',
      url: `/api/v1/assets/${assetId}/renditions/${original.id}/content`,
      headers: users.requester.headers,
    });

    expect(part.statusCode).toBe(206);
    expect(part.rawPayload.equals(original.bytes.subarray(10, 20))).toBe(true);
    expect([known.statusCode, past.statusCode]).toEqual([304, 416]);
    expect([head.statusCode, head.headers['content-length'], head.body]).toEqual([200, '1000', '']);
  });

  test('200: a file of no bytes', async () => {
    const { fetch, original } = await setup({ bytes: Buffer.alloc(0) });
    const response = await fetch(original.id);
    expect([response.statusCode, response.headers['content-length'], response.body]).toEqual([200, '0', '']);
    expect((await fetch(original.id, { headers: { range: 'bytes=0-' } })).statusCode).toBe(416);
  });

  test('shows pictures inline when asked, and never what may carry a script', async () => {
    const { fetch, original } = await setup();
    expect((await fetch(original.id, { query: '?inline=1' })).headers['content-disposition']).toMatch(/^inline;/);
    for (const mediaType of ['image/svg+xml', 'text/html', 'application/pdf', 'application/xhtml+xml']) {
      const other = await setup({ mediaType });
      const response = await other.fetch(other.original.id, { query: '?inline=1' });
      expect(response.headers['content-disposition'], mediaType).toMatch(/^attachment;/);
      expect(response.headers['content-security-policy']).toBe("default-src 'none'; sandbox");
    }
  });

  test('records each access with who it was', async () => {
    const { fetch, original, db, assetId, users } = await setup();
    await fetch(original.id, { headers: { range: 'bytes=5-9' } });
    await vi.waitFor(async () => expect(await db.orm.$count(accesses)).toBe(1));
    const access = { assetId, renditionId: original.id, userId: users.requester.id, linkId: null, downloadId: null };
    expect(await db.orm.select().from(accesses)).toMatchObject([
      { ...access, status: 206, rangeStart: 5, bytesSent: 5 },
    ]);
  });

  test('401 for nobody', async () => {
    const { app, assetId, original } = await setup();
    const response = await app.inject({ url: `/api/v1/assets/${assetId}/renditions/${original.id}/content` });
    expect(response.statusCode).toBe(401);
  });

  test('400 for what is no id', async () => {
    const { fetch } = await setup();
    expect((await fetch('original')).statusCode).toBe(400);
  });

  test('404 for what does not exist, also for the rendition of another asset', async () => {
    const { fetch, original, addAsset, get } = await setup();
    const other = await addAsset();
    for (const id of [unknownId, other.original.id]) expect((await fetch(id)).statusCode).toBe(404);
    expect((await get(`/assets/${unknownId}/renditions/${original.id}/content`)).statusCode).toBe(404);
  });

  test('404: a guessed address yields nothing while its kind is switched off', async () => {
    const { fetch, original, renditions, switchVisibility } = await setup({ renditions: ['web', 'thumbnail'] });

    await switchVisibility({ originalsDownloadable: false });
    expect((await fetch(original.id)).statusCode).toBe(404);
    expect((await fetch(renditions[0]!.id)).statusCode).toBe(200);
    await switchVisibility({ originalsDownloadable: true, renditionsAvailable: false });
    expect((await fetch(original.id)).statusCode).toBe(200);
    for (const { id } of renditions) expect((await fetch(id)).statusCode).toBe(404);
  });

  test('404 for requesters where the asset is not approved, or has expired', async () => {
    for (const asset of [{ status: 'draft' as const }, { expiresAt: new Date(0) }]) {
      const { fetch, original } = await setup(asset);
      const response = await fetch(original.id);
      expect([response.statusCode, response.json().code]).toEqual([404, 'resource.not_found']);
    }
  });

  test('403 with the reason for what is shown but kept back: expired, or not approved for administrators', async () => {
    const expired = await setup({ expiresAt: new Date(0) });
    await expired.switchVisibility({ expiredVisible: true });
    const draft = await setup({ status: 'draft' });

    const shown = await expired.fetch(expired.original.id);
    await expired.switchVisibility({ expiredDownloadable: true });
    const own = await draft.fetch(draft.original.id, { user: draft.users.administrator });

    expect([shown.statusCode, shown.json().code, shown.json().reason]).toEqual([
      403,
      'auth.forbidden',
      'asset.expired',
    ]);
    expect((await expired.fetch(expired.original.id)).statusCode).toBe(200);
    expect([own.statusCode, own.json().reason]).toEqual([403, 'asset.not_approved']);
  });

  test("403 until the caller's own acceptance of the licence; the portal's thumbnail needs none", async () => {
    const api = await setupDownloads();
    onTestFinished(api.close);
    const licence = await api.addLicence();
    const asset = await api.addAsset({ licenceId: licence.licenceId, renditions: ['web', 'thumbnail'] });
    const [web, thumbnail] = asset.renditions;
    const fetch = (id: string, user = api.users.requester) =>
      api.get(`/assets/${asset.assetId}/renditions/${id}/content`, user);

    const before = await fetch(web!.id);
    expect([before.statusCode, before.json().reason]).toEqual([403, 'licence.not_accepted']);
    expect((await fetch(thumbnail!.id)).statusCode).toBe(200);

    const body = { assetIds: [asset.assetId], acceptLicences: [licence] };
    const { direct } = (await api.post('/downloads', body)).json();
    expect((await api.app.inject({ url: direct, headers: api.users.requester.headers })).statusCode).toBe(200);
    expect((await fetch(web!.id)).statusCode).toBe(200);
    const other = await fetch(web!.id, api.users.other);
    expect([other.statusCode, other.json().reason]).toEqual([403, 'licence.not_accepted']);
  });

  test('503 where the whole storage is away, and the file is not marked for it', async () => {
    const { fetch, original, storageFolder, db } = await setup();
    await rm(path.join(storageFolder, 'blobs'), { recursive: true });
    const response = await fetch(original.id);
    expect([response.statusCode, response.json().code]).toEqual([503, 'storage.unavailable']);
    expect(await findBlob(db.orm, original.blob.sha256)).toMatchObject({ fault: null });
  });

  test('410 where the file was removed from the storage behind our back, and it is marked as missing', async () => {
    const { fetch, original, storageFolder, db } = await setup();
    const { sha256 } = original.blob;
    await rm(path.join(storageFolder, 'blobs', sha256.slice(0, 2), sha256.slice(2, 4), sha256));
    const response = await fetch(original.id);
    expect([response.statusCode, response.json().code]).toEqual([410, 'blob.missing']);
    expect(await findBlob(db.orm, sha256)).toMatchObject({ fault: 'missing' });
  });
});
