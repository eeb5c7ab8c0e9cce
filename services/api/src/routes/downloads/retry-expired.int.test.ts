import { updateAsset } from '@sheaf/db/catalogue/update-asset';
import { downloads } from '@sheaf/db/schema/downloads';
import { notifications } from '@sheaf/db/schema/notifications';
import { describe, expect, onTestFinished, test } from 'vitest';
import { setupDownloads } from '../../../../../test/harness/downloads.ts';

const day = 86_400_000;

async function setup() {
  const api = await setupDownloads();
  onTestFinished(api.close);
  const kept = await api.addAsset({ title: 'Kept' });
  return {
    ...api,
    kept,
    inThreeDays: new Date(api.clock().getTime() + 3 * day),
    follow: async (token: string) => (await api.app.inject({ url: `/d/${token}` })).json(),
    shownStateOf: async (id: string) => (await api.get(`/downloads/${id}`)).json().state,
    storedStateOf: async (id: string) =>
      (await api.db.orm.execute<{ state: string }>(`select state from downloads where id = '${id}'`))[0]?.state,
  };
}

type Api = Awaited<ReturnType<typeof setup>>;

/** Each adds something that ends in three days, and asks for it and what is kept: for all or nothing. */
const endings: { what: string; reason: string; request(api: Api): Promise<string> }[] = [
  {
    what: 'an asset',
    reason: 'asset.not_found',
    async request({ addAsset, inThreeDays, kept, request }) {
      const ending = await addAsset({ expiresAt: inThreeDays });
      return request([kept.assetId, ending.assetId]);
    },
  },
  {
    what: 'a licence',
    reason: 'licence.not_approved',
    async request({ addAsset, addLicence, inThreeDays, kept, request }) {
      const licence = await addLicence({ expiresAt: inThreeDays });
      const licensed = await addAsset({ licenceId: licence.licenceId });
      return request([kept.assetId, licensed.assetId], { acceptLicences: [licence] });
    },
  },
];

describe.each([
  { when: 'that the sweep has yet to find', state: 'ready', swept: async () => 0 },
  { when: 'that the sweep has found', state: 'expired', swept: (api: Api) => api.sweep() },
])('POST /downloads/{id}/retry of a download $when past its end', ({ state, swept }) => {
  test.each(endings)('202: $what that ended by itself ended it, and the rest is a new one', async (ending) => {
    const api = await setup();
    const id = await ending.request(api);
    const { token } = await api.publish(id);
    api.clock.set(api.inThreeDays);
    await swept(api);
    expect(await api.storedStateOf(id)).toBe(state);
    expect(await api.shownStateOf(id)).toBe('expired');

    const response = await api.post((await api.follow(token)).retry.replace('/api/v1', ''), undefined);

    expect(response.statusCode, response.body).toBe(202);
    const rest = response.json();
    expect(rest).toMatchObject({ restOf: id, state: 'requested', counts: { included: 1, excluded: 1 } });
    expect(response.headers.location).toBe(`/api/v1/downloads/${rest.id}`);
    expect((await api.get(`/downloads/${rest.id}/items`)).json().items).toMatchObject([
      { assetId: api.kept.assetId, outcome: 'included' },
      { outcome: 'excluded', reason: ending.reason },
    ]);
    expect(await api.shownStateOf(id)).toBe('revoked');
    expect((await api.follow(token)).code).toBe('link.revoked');
    const again = await api.post(`/downloads/${id}/retry`, undefined);
    expect([again.statusCode, again.json().code]).toEqual([409, 'download.state_conflict']);
    expect(await api.db.orm.$count(downloads)).toBe(2);
  });

  test('202: one of which everything may still be had is started over, and the retry itself tells nobody', async () => {
    const api = await setup();
    const id = await api.request([api.kept.assetId]);
    const { token } = await api.publish(id);
    api.clock.advance(7 * day);
    await swept(api);
    const told = await api.db.orm.$count(notifications);

    const response = await api.post(`/downloads/${id}/retry`, undefined);

    expect(response.statusCode, response.body).toBe(202);
    expect(response.json()).toMatchObject({ id, restOf: null, state: 'requested', bundle: null, expiresAt: null });
    expect(await api.db.orm.$count(notifications)).toBe(told);
    expect(await api.follow(token)).not.toHaveProperty('retry');
    const { token: newToken } = await api.publish(id);
    expect((await api.app.inject({ url: `/d/${newToken}` })).statusCode).toBe(200);
    expect(await api.follow(token)).toMatchObject({ code: 'link.expired' });
  });

  test('422 where nothing remains: the download stays as it is', async () => {
    const api = await setup();
    const id = await api.request([api.kept.assetId]);
    await api.publish(id);
    await updateAsset(api.db.orm, api.kept.assetId, { expiresAt: api.inThreeDays }, api.clock());
    api.clock.advance(7 * day);
    await swept(api);

    const response = await api.post(`/downloads/${id}/retry`, undefined);

    expect([response.statusCode, response.json().code]).toEqual([422, 'download.assets_refused']);
    expect(await api.storedStateOf(id)).toBe(state);
    expect(await api.db.orm.$count(downloads)).toBe(1);
  });
});
