import { expect, test } from 'vitest';
import { newId } from '../schema/columns.ts';
import { setupCatalogue, sha256Of } from '../testing/catalogue-setup.ts';
import { deleteAsset } from './delete-asset.ts';
import { insertLicence } from './insert-licence.ts';
import { loadAssetFacts } from './load-asset-facts.ts';
import { loadAssets } from './load-assets.ts';
import { markBlobFault } from './mark-blob-fault.ts';
import { setRenditionReady } from './set-rendition-ready.ts';

const every = ['original', 'static'] as const;

test('assets are the same as when they are loaded one column at a time', async () => {
  const { db, addAsset } = await setupCatalogue();
  const licenceId = await insertLicence(db.orm, { title: 'L', approved: true, documentSha256: null, expiresAt: null });
  const expiresAt = new Date('2027-01-01T00:00:00.001Z');
  const { assetId: licensed } = await addAsset('a, "b" 💾 \\.jpg', { folder: 'x/y', title: '', expiresAt, licenceId });
  const { assetId: ready } = await addAsset('c.jpg', { modifiedAt: new Date('1969-12-31T23:59:59.999Z') });
  const [, web] = (await loadAssets(db.orm, [ready])).get(ready)!.renditions;
  await setRenditionReady(db.orm, web!.id, { sha256: sha256Of('c.jpg'), width: 64, height: 48 });
  await markBlobFault(db.orm, sha256Of('c.jpg'), 'corrupt');

  const facts = await loadAssetFacts(db.orm, [licensed, ready], every);
  const assets = await loadAssets(db.orm, [licensed, ready]);

  expect(facts.size).toBe(2);
  for (const [id, { fileName, mediaType, createdBy, createdAt, updatedAt, ...asset }] of assets) {
    const { renditions, ...fact } = facts.get(id)!;
    const sorted = renditions.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect({ ...fact, renditions: sorted }).toEqual(asset);
  }
});

test('a title comes as it is, characters that nobody sees included', async () => {
  const { db, addAsset } = await setupCatalogue();
  const title = 'one\u001ftwo\u001ethree\n\t"';
  const { assetId } = await addAsset('a.jpg', { title, folder: 'Campaigns' });

  const asset = (await loadAssetFacts(db.orm, [assetId], every)).get(assetId);

  expect(asset).toMatchObject({ title, folder: 'Campaigns', status: 'approved' });
});

test('only the kinds asked for come with an asset', async () => {
  const { db, addAsset } = await setupCatalogue();
  const { assetId } = await addAsset('a.jpg');
  const kinds = async (...wanted: ('original' | 'static')[]) =>
    (await loadAssetFacts(db.orm, [assetId], wanted)).get(assetId)!.renditions.map(({ kind }) => kind);

  expect(await kinds('original')).toEqual(['original']);
  expect(await kinds('static')).toEqual(['static']);
  expect((await kinds('original', 'static')).sort()).toEqual(['original', 'static']);
});

test('ids that are unknown or deleted are not found, and no ids find nothing', async () => {
  const { db, addAsset } = await setupCatalogue();
  const [kept, deleted] = [await addAsset('a.jpg'), await addAsset('b.jpg')];
  await deleteAsset(db.orm, deleted.assetId, new Date());

  const found = await loadAssetFacts(db.orm, [kept.assetId, deleted.assetId, newId()], every);

  expect([...found.keys()]).toEqual([kept.assetId]);
  expect(await loadAssetFacts(db.orm, [], every)).toEqual(new Map());
});
