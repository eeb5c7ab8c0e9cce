import { expect, test } from 'vitest';
import { newId } from '../schema/columns.ts';
import { setupCatalogue } from '../testing/catalogue-setup.ts';
import { deleteAsset } from './delete-asset.ts';
import { findAsset } from './find-asset.ts';
import { insertLicence } from './insert-licence.ts';
import { updateAsset } from './update-asset.ts';

const now = new Date('2026-06-01T00:00:00Z');
const refused = (code: string) => expect.objectContaining({ code });

test('what is named is changed, null takes a value away, and the rest stays', async () => {
  const { db, addAsset } = await setupCatalogue();
  const licence = { title: 'Press', approved: true, documentSha256: null, expiresAt: null };
  const licenceId = await insertLicence(db.orm, licence);
  const { assetId } = await addAsset('a.jpg', { licenceId, expiresAt: now });
  const before = (await findAsset(db.orm, assetId))!;
  await updateAsset(db.orm, assetId, { title: 'New', status: 'rejected', licenceId: null, folder: '/A//B/' }, now);
  expect(await findAsset(db.orm, assetId)).toEqual({
    ...before,
    title: 'New',
    status: 'rejected',
    licenceId: null,
    folder: 'A/B',
    updatedAt: now,
  });
});

test('an asset that is not there or was deleted is not found', async () => {
  const { db, addAsset } = await setupCatalogue();
  const { assetId } = await addAsset('a.jpg');
  await deleteAsset(db.orm, assetId, now);
  for (const id of [assetId, newId()]) {
    await expect(updateAsset(db.orm, id, { title: 'x' }, now)).rejects.toThrow(refused('resource.not_found'));
    await expect(deleteAsset(db.orm, id, now)).rejects.toThrow(refused('resource.not_found'));
  }
});

test('an asset cannot be moved to a place that is taken, to a folder above, or under a licence that is not there', async () => {
  const { db, addAsset } = await setupCatalogue();
  const { assetId } = await addAsset('a.jpg');
  await addAsset('a.jpg', { folder: 'taken' });
  await expect(updateAsset(db.orm, assetId, { folder: 'taken' }, now)).rejects.toThrow(refused('resource.conflict'));
  await expect(updateAsset(db.orm, assetId, { folder: '../x' }, now)).rejects.toThrow(refused('input.invalid'));
  await expect(updateAsset(db.orm, assetId, { licenceId: newId() }, now)).rejects.toThrow(refused('input.invalid'));
  expect(await findAsset(db.orm, assetId)).toMatchObject({ folder: '', licenceId: null });
});

test('the place of a deleted asset is free again', async () => {
  const { db, addAsset } = await setupCatalogue();
  const first = await addAsset('a.jpg');
  expect(await addAsset('a.jpg')).toMatchObject({ created: false, assetId: first.assetId });
  await deleteAsset(db.orm, first.assetId, now);
  expect(await addAsset('a.jpg')).toMatchObject({ created: true });
});
