import type { UsedLinkPageJson } from '@sheaf/contract/link';
import type { StandingJson } from '@sheaf/contract/standing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { setupDownloads } from '../../../../../test/harness/downloads.ts';
import { readEvents } from '../../../../../test/harness/event-reader.ts';

/** A ready download. */
async function setup() {
  const api = await setupDownloads();
  onTestFinished(api.close);
  const asset = await api.addAsset({ renditions: ['web'] });
  const id = await api.request([asset.assetId]);
  const { token } = await api.publish(id);
  const links = async (query = '') => (await api.get(`/downloads/${id}/links${query}`)).json<UsedLinkPageJson>();
  return { ...api, asset, id, token, links };
}

test('links are listed newest first with their uses and their end, in pages, and without a token', async () => {
  const { app, post, links, id, token, clock } = await setup();
  const made = (await post(`/downloads/${id}/links`, undefined)).json<{ id: string; url: string }>();
  await app.inject({ url: `/d/${token}` });
  await app.inject({ url: `/d/${token}`, headers: { range: 'bytes=0-9' } });
  await app.inject({ url: `/d/${token}`, method: 'HEAD', headers: { 'if-none-match': '*' } });

  const { items } = await vi.waitFor(async () => {
    const page = await links();
    expect(page.items.map(({ uses }) => uses)).toEqual([0, 2]);
    return page;
  });

  expect(items).toMatchObject([
    { id: made.id, isDefault: false, lastUsedAt: null, revokedAt: null },
    { isDefault: true, lastUsedAt: expect.any(String), revokedAt: null, createdAt: clock().toISOString() },
  ]);
  expect(JSON.stringify(items)).not.toContain(token);
  const first = await links('?limit=1');
  expect((await links(`?limit=1&cursor=${first.nextCursor}`)).items).toEqual([items[1]]);
});

test("another's download is 404, as one that is not there", async () => {
  const { get, id, users } = await setup();
  for (const what of ['links', 'standing']) {
    expect((await get(`/downloads/${id}/${what}`, users.other)).statusCode).toBe(404);
    expect((await get(`/downloads/01900000-0000-7000-8000-000000000000/${what}`)).statusCode).toBe(404);
    expect((await get(`/downloads/${id}/${what}`, users.administrator)).statusCode).toBe(200);
  }
});

test('a link that is revoked is told to whoever has the download open', async () => {
  const api = await setup();
  const address = await api.app.listen({ port: 0, host: '127.0.0.1' });
  const reader = await readEvents(`${address}/api/v1/downloads/${api.id}/events`, api.users.requester.headers);
  type Shown = { bundle: { linkId: string | null } };
  const before = await reader.until<Shown>(({ data }) => data.bundle.linkId !== null);
  await api.app.inject({
    method: 'DELETE',
    url: `/api/v1/downloads/${api.id}/links/${before.data.bundle.linkId}`,
    headers: api.users.requester.headers,
  });
  await reader.until<Shown>(({ data }) => data.bundle.linkId === null);
});

test('the standing of a bundle says what of it may no longer be had, as a GET of its link would', async () => {
  const { get, id, app, token, asset, users } = await setup();
  const standing = async () => (await get(`/downloads/${id}/standing`)).json<StandingJson>();
  expect(await standing()).toEqual({ stands: true, counts: { refused: 0 }, outcomes: [] });

  const changed = await app.inject({
    method: 'PATCH',
    url: `/api/v1/assets/${asset.assetId}`,
    headers: users.administrator.headers,
    payload: { status: 'rejected' },
  });
  expect(changed.statusCode, changed.body).toBe(200);

  const link = (await app.inject({ url: `/d/${token}` })).json();
  expect(await standing()).toEqual({ stands: false, counts: link.counts, outcomes: link.outcomes });
  expect(link.counts).toEqual({ refused: 1 });
});
