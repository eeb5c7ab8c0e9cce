import type { AssetPageJson } from '@sheaf/contract/asset';
import { expect, test } from 'vitest';
import { renditionOf, setupPortal } from '../harness/portal.ts';

const original = { renditions: 'originals' } as const;

test('rule 1: an asset that is not approved is in no list, has no page, no file and no download for a requester', async () => {
  const { addPicture, asset, call, fetchFile, get, preflight, request, users } = await setupPortal();
  const draft = await addPicture({ title: 'Draft', approve: false });
  const approved = await addPicture({ title: 'Approved' });

  const { items } = await get<AssetPageJson>('/assets');
  expect(items.map(({ id }) => id)).toEqual([approved.id]);
  expect((await call('GET', `/api/v1/assets/${draft.id}`, users.requester)).statusCode).toBe(404);
  for (const rendition of draft.renditions) expect((await fetchFile(rendition)).statusCode).toBe(404);
  expect((await asset(draft.id, users.administrator)).status).toBe('draft');

  const decision = await preflight({ assetIds: [draft.id, approved.id], unavailable: 'skip' });
  expect(decision.outcomes).toMatchObject([
    { assetId: draft.id, title: '', outcome: 'excluded', reason: 'asset.not_found', entries: [] },
    { assetId: approved.id, outcome: 'included', reason: null },
  ]);
  const refused = await request({ assetIds: [draft.id], ...original });
  expect([refused.statusCode, refused.json().code]).toEqual([422, 'download.assets_refused']);
  expect(refused.body).not.toContain('Draft');
});

test('rule 1: an approval that is withdrawn ends a link and a file address from that moment, until it is given again', async () => {
  const { addPicture, administer, download, fetchFile, fetchLink } = await setupPortal();
  const [kept, withdrawn] = [await addPicture(), await addPicture()];
  const ready = await download({ assetIds: [kept.id, withdrawn.id] });
  expect((await fetchLink(ready)).statusCode).toBe(200);

  await administer('PATCH', `/assets/${withdrawn.id}`, { status: 'rejected' });

  const refused = await fetchLink(ready);
  expect(refused.statusCode).toBe(410);
  expect(refused.json().outcomes).toMatchObject([{ assetId: withdrawn.id, reason: 'asset.not_found' }]);
  expect((await fetchFile(renditionOf(withdrawn, 'original'))).statusCode).toBe(404);
  expect((await fetchFile(renditionOf(kept, 'original'))).statusCode).toBe(200);

  await administer('PATCH', `/assets/${withdrawn.id}`, { status: 'approved' });
  expect((await fetchLink(ready)).statusCode).toBe(200);
});

test('rule 1: what is left of a bundle can be had by one call', async () => {
  const { addPicture, administer, call, download, fetchLink, finished, items, unpack, users } = await setupPortal();
  const [kept, withdrawn] = [await addPicture({ fileName: 'kept.jpg' }), await addPicture({ fileName: 'gone.jpg' })];
  const ready = await download({ assetIds: [kept.id, withdrawn.id] });
  await administer('PATCH', `/assets/${withdrawn.id}`, { status: 'rejected' });

  const retried = await call('POST', `/api/v1/downloads/${ready.id}/retry`, users.requester);

  expect(retried.statusCode, retried.body).toBe(202);
  const rest = await finished(retried.json().id);
  expect(rest).toMatchObject({ state: 'ready', restOf: ready.id, counts: { included: 1, excluded: 1 } });
  expect((await items(rest.id)).map(({ assetId, reason }) => [assetId, reason])).toEqual([
    [kept.id, null],
    [withdrawn.id, 'asset.not_found'],
  ]);
  const files = await unpack(rest);
  expect([...files.keys()]).toContain('kept.jpg');
  expect([...files.keys()]).not.toContain('gone.jpg');
  expect((await fetchLink(ready)).statusCode).toBe(410);
});
