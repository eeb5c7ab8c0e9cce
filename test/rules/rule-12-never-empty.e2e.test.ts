import { expect, test } from 'vitest';
import { setupPortal } from '../harness/portal.ts';

test('rule 12: a request that yields nothing is an error that says why for each asset, and leaves no download', async () => {
  const { addPicture, get, request } = await setupPortal();
  const drafts = [await addPicture({ approve: false }), await addPicture({ approve: false })];

  const refused = await request({ assetIds: drafts.map(({ id }) => id), unavailable: 'skip' });

  expect(refused.statusCode).toBe(422);
  expect(refused.json()).toMatchObject({
    code: 'download.assets_refused',
    outcomes: drafts.map(({ id }) => ({ assetId: id, reason: 'asset.not_found' })),
  });
  expect((await get<{ items: unknown[] }>('/downloads')).items).toEqual([]);
});

test('rule 12: no selection at all is an error', async () => {
  const { request } = await setupPortal();
  const refused = await request({ assetIds: [] });
  expect([refused.statusCode, refused.json().code]).toEqual([422, 'download.empty']);
});

test('rule 12: a download that has nothing left when it is gathered fails and says so', async () => {
  const { addPicture, administer, finished, request, startWorker, stopWorker } = await setupPortal();
  const assets = [await addPicture(), await addPicture()];
  await stopWorker();
  const { id } = (await request({ assetIds: assets.map((asset) => asset.id), unavailable: 'skip' })).json();
  for (const asset of assets) await administer('PATCH', `/assets/${asset.id}`, { status: 'rejected' });

  await startWorker();
  const failed = await finished(id);

  expect(failed).toMatchObject({ state: 'failed', bundle: null, error: { code: 'download.assets_refused' } });
});
