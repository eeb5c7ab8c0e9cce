import { links } from '@sheaf/db/schema/links';
import { describe, expect, onTestFinished, test } from 'vitest';
import { setupDownloads } from '../../../../../test/harness/downloads.ts';

/** A ready download. */
async function setup() {
  const api = await setupDownloads();
  onTestFinished(api.close);
  const asset = await api.addAsset({ renditions: ['web'] });
  const id = await api.request([asset.assetId]);
  await api.publish(id);
  const row = async () => (await api.db.orm.query.downloads.findFirst({ where: (r, { eq }) => eq(r.id, id) }))!;
  return { ...api, asset, id, row };
}

const unknownId = '01900000-0000-7000-8000-000000000000';

describe('links', () => {
  test('201: a link of its own to a ready download, shown this once and stored as a hash', async () => {
    const api = await setup();
    const expiresAt = new Date(api.clock().getTime() + 60_000).toISOString();

    const response = await api.post(`/downloads/${api.id}/links`, { expiresAt });

    expect(response.statusCode, response.body).toBe(201);
    expect(response.json()).toEqual({
      id: expect.any(String),
      createdAt: api.clock().toISOString(),
      expiresAt,
      revokedAt: null,
      url: expect.stringMatching(/\/d\/[\w-]{43}$/),
    });
    const token = response.json().url.split('/').at(-1);
    expect((await api.app.inject({ url: `/d/${token}` })).statusCode).toBe(200);
    const rows = await api.db.orm.select().from(links);
    const stored = rows.find(({ id }) => id === response.json().id)!;
    expect(stored.sealedToken).toBeNull();
    expect(stored.tokenHash.includes(token)).toBe(false);
    expect((await api.get(`/downloads/${api.id}`)).body).not.toContain(token);
  });

  test('a repeated request with its Idempotency-Key shows the same link, kept sealed', async () => {
    const api = await setup();
    const create = () =>
      api.post(`/downloads/${api.id}/links`, undefined, api.users.requester, { 'idempotency-key': 'k' });
    const [first, second] = [await create(), await create()];
    expect(second.json()).toEqual(first.json());
    expect(await api.db.orm.$count(links)).toBe(2);
    const kept = JSON.stringify(await api.db.orm.query.idempotencyKeys.findMany());
    expect(kept).not.toContain(first.json().url.split('/').at(-1));
  });

  test("400 for an end that has passed, lies after the bundle's or is none; nothing is made", async () => {
    const api = await setup();
    const bundleEnd = (await api.row()).expiresAt!;
    for (const expiresAt of [
      api.clock().toISOString(),
      new Date(bundleEnd.getTime() + 1).toISOString(),
      'soon',
      '2026-12-31T23:59:60Z',
      1,
    ]) {
      const response = await api.post(`/downloads/${api.id}/links`, { expiresAt });
      expect([response.statusCode, response.json().code]).toEqual([400, 'input.invalid']);
    }
    expect((await api.post(`/downloads/${api.id}/links`, { for: 'ever' })).statusCode).toBe(400);
    expect(await api.db.orm.$count(links)).toBe(1);
    expect((await api.post(`/downloads/${api.id}/links`, { expiresAt: bundleEnd.toISOString() })).statusCode).toBe(201);
  });

  test("404 for a link to somebody else's download, like for none; nothing is made", async () => {
    const api = await setup();
    for (const id of [api.id, unknownId]) {
      const response = await api.post(`/downloads/${id}/links`, undefined, api.users.other);
      expect([response.statusCode, response.json().code]).toEqual([404, 'resource.not_found']);
    }
    expect(await api.db.orm.$count(links)).toBe(1);
  });

  test("204: a link is revoked for good; 404 for another's link or another download's", async () => {
    const api = await setup();
    const other = await api.request([api.asset.assetId]);
    await api.publish(other);
    const { id: linkId } = (await api.post(`/downloads/${api.id}/links`, undefined)).json();
    const revoke = async (downloadId: string, link: string, { headers } = api.users.requester) =>
      (await api.app.inject({ method: 'DELETE', url: `/api/v1/downloads/${downloadId}/links/${link}`, headers }))
        .statusCode;

    expect(await revoke(api.id, linkId, api.users.other)).toBe(404);
    expect(await revoke(other, linkId)).toBe(404);
    expect(await revoke(api.id, unknownId)).toBe(404);
    expect(await revoke(api.id, 'x')).toBe(400);
    const revokedAt = async () => (await api.db.orm.select().from(links)).find(({ id }) => id === linkId)!.revokedAt;
    expect(await revokedAt()).toBeNull();

    const first = api.clock();
    expect(await revoke(api.id, linkId)).toBe(204);
    api.clock.advance(1_000);
    expect(await revoke(api.id, linkId)).toBe(204);
    expect(await revokedAt()).toEqual(first);
  });

  test('revoking the default link leaves the owner without an address until there is a new one', async () => {
    const api = await setup();
    const own = (await api.post(`/downloads/${api.id}/links`, undefined)).json().url.split('/').at(-1);
    const { linkId, parts } = (await api.get(`/downloads/${api.id}`)).json().bundle;
    expect((await api.app.inject({ url: parts[0].url })).statusCode).toBe(200);

    const url = `/api/v1/downloads/${api.id}/links/${linkId}`;
    const revoked = await api.app.inject({ method: 'DELETE', url, headers: api.users.requester.headers });

    expect(revoked.statusCode).toBe(204);
    expect((await api.app.inject({ url: parts[0].url })).json().code).toBe('link.revoked');
    expect((await api.app.inject({ url: `/d/${own}` })).statusCode).toBe(200);
    const { bundle, state } = (await api.get(`/downloads/${api.id}`)).json();
    expect([state, bundle.linkId, bundle.parts[0].url]).toEqual(['ready', null, null]);
  });
});
