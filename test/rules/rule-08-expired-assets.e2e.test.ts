import type { AssetPageJson } from '@sheaf/contract/asset';
import { expect, test } from 'vitest';
import { contentPaths, renditionOf, setupPortal } from '../harness/portal.ts';

const day = 86_400_000;

/** Two pictures, one of which expires in ten days. */
async function setup() {
  const portal = await setupPortal();
  const lasting = await portal.addPicture({ fileName: 'lasting.jpg' });
  const ending = await portal.addPicture({ fileName: 'ending.jpg', title: 'Ending', expiresAt: portal.days(10) });
  return { ...portal, lasting, ending, assetIds: [lasting.id, ending.id] };
}

test('rule 8: expired assets are hidden by default: no list, no page, no file, no download', async () => {
  const { assetIds, call, clock, ending, fetchFile, get, lasting, preflight, users } = await setup();
  clock.advance(10 * day);

  expect((await get<AssetPageJson>('/assets')).items.map(({ id }) => id)).toEqual([lasting.id]);
  expect((await call('GET', `/api/v1/assets/${ending.id}`, users.requester)).statusCode).toBe(404);
  expect((await fetchFile(renditionOf(ending, 'static', 'thumbnail'))).statusCode).toBe(404);
  const { outcomes, expired } = await preflight({ assetIds, expiredAssets: 'include', unavailable: 'skip' });
  expect(outcomes.map(({ reason }) => reason)).toEqual([null, 'asset.not_found']);
  expect(expired).toEqual([]);
});

test('rule 8: visible but not downloadable, they are shown with their dates and left out', async () => {
  const { asset, assetIds, clock, configure, ending, fetchFile, preflight } = await setup();
  await configure({ expiredVisible: true });
  clock.advance(10 * day);

  expect(await asset(ending.id)).toMatchObject({ expired: true, expiringInDays: null });
  expect((await fetchFile(renditionOf(ending, 'original'))).statusCode).toBe(403);
  const decision = await preflight({ assetIds, expiredAssets: 'include', unavailable: 'skip' });
  expect(decision.expired).toEqual([{ assetId: ending.id, title: 'Ending', expiresAt: ending.expiresAt }]);
  expect(decision.counts).toMatchObject({ assets: 2, included: 1 });
  expect(decision.outcomes[1]?.reason).toBe('asset.expired');
});

test('rule 8: downloadable, "proceed with all assets" takes them in, and without it they are left out', async () => {
  const { assetIds, clock, configure, download, unpack } = await setup();
  await configure({ expiredVisible: true, expiredDownloadable: true });
  clock.advance(10 * day);

  const all = await download({ assetIds, expiredAssets: 'include' });
  expect(contentPaths(await unpack(all))).toEqual(['ending.jpg', 'lasting.jpg']);
  const without = await download({ assetIds });
  expect(contentPaths(await unpack(without))).toEqual(['lasting.jpg']);
});

test('rule 8: the second switch needs the first', async () => {
  const { call, get, users } = await setup();
  const { configuration } = await get<{ configuration: object }>('/admin/visibility', users.administrator);

  const refused = await call('PUT', '/api/v1/admin/visibility', users.administrator, {
    configuration: { ...configuration, expiredVisible: false, expiredDownloadable: true },
  });

  expect(refused.statusCode).toBe(400);
  expect(refused.json().errors).toMatchObject([{ path: '/configuration/expiredDownloadable' }]);
});

test('rule 8: assets that expire within 15 days are marked with the days left', async () => {
  const { addPicture, asset, assetIds, days, ending, lasting, preflight } = await setup();
  const later = await addPicture({ expiresAt: days(16) });

  expect((await asset(ending.id)).expiringInDays).toBe(10);
  expect((await asset(lasting.id)).expiringInDays).toBeNull();
  expect((await asset(later.id)).expiringInDays).toBeNull();
  const { expiring } = await preflight({ assetIds: [...assetIds, later.id] });
  expect(expiring).toEqual([{ assetId: ending.id, title: 'Ending', expiresAt: ending.expiresAt, days: 10 }]);
});

test('rule 8: an asset that expires after its bundle was made ends the bundle’s link with it, and a retry gives the rest', async () => {
  const { addPicture, call, clock, days, download, fetchLink, finished, lasting, linkOf, unpack, users } =
    await setup();
  const soon = await addPicture({ fileName: 'soon.jpg', expiresAt: days(3) });
  const ready = await download({ assetIds: [lasting.id, soon.id] });
  // A week at most, and never beyond the first asset to expire.
  expect(ready.expiresAt).toBe(soon.expiresAt);
  clock.set(new Date(new Date(soon.expiresAt!).getTime() - 1));
  expect((await call('HEAD', linkOf(ready))).statusCode).toBe(200);

  clock.advance(1);

  const refused = await fetchLink(ready);
  expect([refused.statusCode, refused.json().code]).toEqual([410, 'link.expired']);
  expect(refused.json().outcomes).toMatchObject([{ assetId: soon.id, reason: 'asset.not_found' }]);
  const retried = await call('POST', refused.json().retry, users.requester);
  expect(retried.statusCode, retried.body).toBe(202);
  const rest = await finished(retried.json().id);
  expect(rest).toMatchObject({ state: 'ready', restOf: ready.id, counts: { included: 1, excluded: 1 } });
  expect(contentPaths(await unpack(rest))).toEqual(['lasting.jpg']);
});

test('rule 8: an expiry that is brought forward ends a link at once', async () => {
  const { administer, assetIds, clock, download, ending, fetchLink } = await setup();
  const ready = await download({ assetIds });
  await administer('PATCH', `/assets/${ending.id}`, { expiresAt: new Date(clock().getTime() - 1_000).toISOString() });

  const refused = await fetchLink(ready);

  expect(refused.statusCode).toBe(410);
  expect(refused.json().outcomes).toMatchObject([{ assetId: ending.id, outcome: 'excluded' }]);
});
