import { expect, test } from 'vitest';
import { newId } from '../schema/columns.ts';
import { setupCatalogue, sha256Of } from '../testing/catalogue-setup.ts';
import { deleteAsset } from './delete-asset.ts';
import { insertLicence } from './insert-licence.ts';
import { type AssetListing, listAssets } from './list-assets.ts';

const now = new Date('2026-06-01T00:00:00Z');
const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000);

async function setup() {
  const { db, addAsset } = await setupCatalogue();
  const list = (listing: Partial<AssetListing> = {}) =>
    listAssets(db.orm, {
      filter: {},
      visibility: { approvedOnly: false, hideExpiredAt: null },
      limit: 50,
      ...listing,
    });
  const names = async (listing: Partial<AssetListing>) => (await list(listing)).items.map(({ fileName }) => fileName);
  return { db, addAsset, list, names };
}

test('pages follow each other, newest first, without gaps or repetitions while assets are added', async () => {
  const { addAsset, list } = await setup();
  for (let index = 0; index < 7; index += 1) await addAsset(`${index}.jpg`);
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = await list({ limit: 3, after });
    seen.push(...page.items.map(({ fileName }) => fileName));
    await addAsset(`later-${seen.length}.jpg`);
    after = page.nextCursor ?? undefined;
  } while (after !== undefined);
  expect(seen).toEqual(['6.jpg', '5.jpg', '4.jpg', '3.jpg', '2.jpg', '1.jpg', '0.jpg']);
});

test('a page that ends with the last asset has no cursor', async () => {
  const { addAsset, list } = await setup();
  for (const name of ['a', 'b']) await addAsset(name);
  expect((await list({ limit: 2 })).nextCursor).toBeNull();
});

test('a text is found in titles and file names, whatever its case, and means itself', async () => {
  const { addAsset, names } = await setup();
  await addAsset('100%_real.jpg', { title: 'Harbour' });
  await addAsset('1000 real.jpg', { title: 'harbour at night' });
  expect(await names({ filter: { q: 'HARBOUR' } })).toEqual(['1000 real.jpg', '100%_real.jpg']);
  expect(await names({ filter: { q: '100%' } })).toEqual(['100%_real.jpg']);
  expect(await names({ filter: { q: '%_r' } })).toEqual(['100%_real.jpg']);
  expect(await names({ filter: { q: '\\' } })).toEqual([]);
  expect(await names({ filter: { q: "' or true --" } })).toEqual([]);
});

test('every word has to be there, in the title or in the file name, in any order', async () => {
  const { addAsset, names } = await setup();
  await addAsset('dsc-0042.jpg', { title: 'Harbour at night' });
  await addAsset('dsc-0043.jpg', { title: 'Harbour at noon' });
  expect(await names({ filter: { q: 'night  harb' } })).toEqual(['dsc-0042.jpg']);
  expect(await names({ filter: { q: '0043 harbour' } })).toEqual(['dsc-0043.jpg']);
  expect(await names({ filter: { q: 'harbour dawn' } })).toEqual([]);
  expect(await names({ filter: { q: ' ' } })).toEqual(['dsc-0043.jpg', 'dsc-0042.jpg']);
});

test('a folder holds what is below it, and not what only starts with its name', async () => {
  const { addAsset, names } = await setup();
  for (const folder of ['Spring', 'Spring/Sale', 'Springtime', '']) {
    await addAsset(`in ${folder}`, { folder });
  }
  expect(await names({ filter: { folder: 'Spring' } })).toEqual(['in Spring/Sale', 'in Spring']);
});

test('a type is a whole media type or its first half', async () => {
  const { addAsset, names } = await setup();
  const original = { sha256: sha256Of('any.file'), width: null, height: null };
  for (const mediaType of ['image/jpeg', 'image/png', 'video/mp4']) {
    await addAsset('any.file', { folder: mediaType, fileName: mediaType, original: { ...original, mediaType } });
  }
  expect(await names({ filter: { type: 'image' } })).toEqual(['image/png', 'image/jpeg']);
  expect(await names({ filter: { type: 'image/png' } })).toEqual(['image/png']);
  expect(await names({ filter: { type: 'imag' } })).toEqual([]);
});

test('filters by licence, status and approaching expiry narrow the list together', async () => {
  const { db, addAsset, names } = await setup();
  const licence = { approved: true, documentSha256: null, expiresAt: null };
  const licenceId = await insertLicence(db.orm, { ...licence, title: 'Press' });
  await addAsset('licensed', { licenceId, expiresAt: inDays(3) });
  await addAsset('draft', { licenceId, status: 'draft' });
  await addAsset('expired', { licenceId, expiresAt: inDays(-1) });
  await addAsset('far', { licenceId, expiresAt: inDays(16) });
  await addAsset('free', { expiresAt: inDays(15) });
  expect(await names({ filter: { licenceId } })).toEqual(['far', 'expired', 'draft', 'licensed']);
  expect(await names({ filter: { status: 'draft' } })).toEqual(['draft']);
  expect(await names({ filter: { expiring: { now, days: 15 } } })).toEqual(['free', 'licensed']);
  expect(await names({ filter: { expiring: { now, days: 15 }, licenceId } })).toEqual(['licensed']);
  expect(await names({ filter: { licenceId: newId() } })).toEqual([]);
  expect(await names({ filter: { licenceId: 'none' } })).toEqual(['free']);
});

test('rule 1 and rule 8: what the caller may not see is not listed', async () => {
  const { db, addAsset, names } = await setup();
  await addAsset('seen', { expiresAt: inDays(1) });
  await addAsset('draft', { status: 'draft' });
  await addAsset('rejected', { status: 'rejected' });
  await addAsset('expired', { expiresAt: now });
  const deleted = await addAsset('deleted');
  await deleteAsset(db.orm, deleted.assetId, now);
  expect(await names({ visibility: { approvedOnly: true, hideExpiredAt: now } })).toEqual(['seen']);
  expect(await names({ visibility: { approvedOnly: true, hideExpiredAt: null } })).toEqual(['expired', 'seen']);
  expect(await names({ visibility: { approvedOnly: true, hideExpiredAt: now }, filter: { status: 'draft' } })).toEqual(
    [],
  );
});
