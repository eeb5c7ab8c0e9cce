import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { renditions } from '../schema/catalogue.ts';
import { newId } from '../schema/columns.ts';
import { setupCatalogue, sha256Of } from '../testing/catalogue-setup.ts';
import { deleteAsset } from './delete-asset.ts';
import { findRendition } from './find-rendition.ts';
import { listUnrenderedAssets } from './list-unrendered-assets.ts';
import { loadAssets } from './load-assets.ts';
import { markBlobFault } from './mark-blob-fault.ts';
import { setRenditionFailed } from './set-rendition-failed.ts';
import { setRenditionReady } from './set-rendition-ready.ts';

test('an asset comes back with everything that was recorded, the original first', async () => {
  const { db, addAsset } = await setupCatalogue();
  const expiresAt = new Date('2027-01-01T00:00:00.001Z');
  const { assetId } = await addAsset('a.jpg', { folder: 'Campaigns/Spring', title: 'A', expiresAt });
  expect((await loadAssets(db.orm, [assetId])).get(assetId)).toEqual({
    id: assetId,
    title: 'A',
    folder: 'Campaigns/Spring',
    fileName: 'a.jpg',
    mediaType: 'image/jpeg',
    status: 'approved',
    expiresAt,
    licenceId: null,
    modifiedAt: new Date('2026-01-02T03:04:05.678Z'),
    createdBy: null,
    createdAt: expect.any(Date),
    updatedAt: expect.any(Date),
    renditions: [
      {
        id: expect.any(String),
        assetId,
        kind: 'original',
        name: 'original',
        title: null,
        presetId: null,
        state: 'ready',
        mediaType: 'image/jpeg',
        fileName: 'a.jpg',
        width: 640,
        height: 480,
        blob: { sha256: sha256Of('a.jpg'), size: 7_000_000_000, crc32: 0xffff_ffff, fault: null },
      },
      {
        id: expect.any(String),
        assetId,
        kind: 'static',
        name: 'web',
        title: null,
        presetId: null,
        state: 'pending',
        mediaType: 'image/jpeg',
        fileName: 'web-of-a.jpg',
        width: null,
        height: null,
        blob: null,
      },
    ],
  });
});

test('ids that are unknown or deleted are not found, and no ids find nothing', async () => {
  const { db, addAsset } = await setupCatalogue();
  const [kept, deleted] = [await addAsset('a.jpg'), await addAsset('b.jpg')];
  await deleteAsset(db.orm, deleted.assetId, new Date());
  const found = await loadAssets(db.orm, [kept.assetId, deleted.assetId, newId()]);
  expect([...found.keys()]).toEqual([kept.assetId]);
  expect(await loadAssets(db.orm, [])).toEqual(new Map());
});

test('25,000 assets are loaded at once', async () => {
  const { db } = await setupCatalogue();
  await db.orm.execute(sql`
    insert into assets (id, title, folder, file_name, media_type, status, modified_at)
    select gen_random_uuid(), n, '', n || '.jpg', 'image/jpeg', 'approved', now() from generate_series(1, 25000) n`);
  await db.orm.execute(sql`
    insert into renditions (id, asset_id, kind, name, state, media_type, file_name)
    select gen_random_uuid(), id, 'static', name, 'pending', 'image/jpeg', name
    from assets, unnest(array['a', 'b', 'c', 'd']) name`);
  const rows = await db.orm.select({ id: renditions.assetId }).from(renditions).where(sql`name = 'a'`);
  const found = await loadAssets(
    db.orm,
    rows.map(({ id }) => id),
  );
  expect(found.size).toBe(25_000);
  expect([...found.values()].every((asset) => asset.renditions.length === 4)).toBe(true);
});

test('a rendition is found with its asset, and under no other asset', async () => {
  const { db, addAsset } = await setupCatalogue();
  const [one, other] = [await addAsset('a.jpg'), await addAsset('b.jpg')];
  const rendition = (await loadAssets(db.orm, [one.assetId])).get(one.assetId)!.renditions[1]!;
  expect(await findRendition(db.orm, one.assetId, rendition.id)).toMatchObject({
    asset: { id: one.assetId },
    rendition,
  });
  expect(await findRendition(db.orm, other.assetId, rendition.id)).toBeNull();
});

test('a rendition that is ready stays ready with the file that it has', async () => {
  const { db, addAsset } = await setupCatalogue();
  const { assetId } = await addAsset('a.jpg');
  await addAsset('b.jpg');
  const web = async () => (await loadAssets(db.orm, [assetId])).get(assetId)!.renditions[1]!;
  const { id } = await web();
  await setRenditionFailed(db.orm, id, 'no memory');
  expect(await web()).toMatchObject({ state: 'failed', blob: null });
  await setRenditionReady(db.orm, id, { sha256: sha256Of('a.jpg'), width: 64, height: 48 });
  await setRenditionReady(db.orm, id, { sha256: sha256Of('b.jpg'), width: 1, height: 1 });
  await setRenditionFailed(db.orm, id, 'late');
  expect(await web()).toMatchObject({ state: 'ready', width: 64, height: 48, blob: { sha256: sha256Of('a.jpg') } });
});

test('assets whose renditions were never made are found, as long as they are in the catalogue', async () => {
  const { db, addAsset } = await setupCatalogue();
  const [lost, deleted, rendered] = [await addAsset('a.jpg'), await addAsset('b.jpg'), await addAsset('c.jpg')];
  await deleteAsset(db.orm, deleted.assetId, new Date());
  const [, web] = (await loadAssets(db.orm, [rendered.assetId])).get(rendered.assetId)!.renditions;
  await setRenditionReady(db.orm, web!.id, { sha256: sha256Of('c.jpg'), width: 1, height: 1 });
  const soon = new Date(Date.now() + 60_000);
  expect(await listUnrenderedAssets(db.orm, soon, 10)).toEqual([lost.assetId]);
  expect(await listUnrenderedAssets(db.orm, new Date('2020-01-01'), 10)).toEqual([]);
});

test('a fault of a blob shows in every rendition that it is the file of', async () => {
  const { db, addAsset } = await setupCatalogue();
  const sha256 = sha256Of('a.jpg');
  const original = { sha256, mediaType: 'image/jpeg', width: null, height: null };
  const [one, other] = [await addAsset('a.jpg'), await addAsset('b.jpg', { original })];
  await markBlobFault(db.orm, sha256, 'corrupt');
  const faults = [...(await loadAssets(db.orm, [one.assetId, other.assetId])).values()].map(
    ({ renditions: [first] }) => first?.blob?.fault,
  );
  expect(faults).toEqual(['corrupt', 'corrupt']);
});
