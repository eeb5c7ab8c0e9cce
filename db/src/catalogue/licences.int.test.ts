import { expect, test } from 'vitest';
import { newId } from '../schema/columns.ts';
import { setupCatalogue, sha256Of } from '../testing/catalogue-setup.ts';
import { findLicence } from './find-licence.ts';
import { insertBlob } from './insert-blob.ts';
import { insertLicence } from './insert-licence.ts';
import { listLicences } from './list-licences.ts';
import { loadLicences } from './load-licences.ts';
import { updateLicence } from './update-licence.ts';

const now = new Date('2026-06-01T00:00:00Z');

async function setup() {
  const { db } = await setupCatalogue();
  const add = (title: string, approved = true) =>
    insertLicence(db.orm, { title, approved, documentSha256: null, expiresAt: null });
  return { db, add };
}

test('a licence comes back with its terms and their size', async () => {
  const { db, add } = await setup();
  const [sha256, id] = [sha256Of('terms'), await add('Press', false)];
  await insertBlob(db.orm, { sha256, size: 5, crc32: 1 });
  await updateLicence(db.orm, id, { documentSha256: sha256, approved: true, expiresAt: now }, now);
  const licence = { id, title: 'Press', approved: true, sha256, documentSize: 5, expiresAt: now, updatedAt: now };
  expect(await findLicence(db.orm, id)).toMatchObject(licence);
  expect(await loadLicences(db.orm, [id, id, newId()])).toEqual(new Map([[id, expect.objectContaining(licence)]]));
});

test('a licence that is not there is not found', async () => {
  const { db } = await setup();
  expect(await findLicence(db.orm, newId())).toBeNull();
  expect(await loadLicences(db.orm, [])).toEqual(new Map());
  const notFound = expect.objectContaining({ code: 'resource.not_found' });
  await expect(updateLicence(db.orm, newId(), { title: 'x' }, now)).rejects.toThrow(notFound);
});

test('licences are listed by pages, newest first, by title and approval', async () => {
  const { db, add } = await setup();
  for (const title of ['Press', 'Partners', 'Press, worldwide']) await add(title, title !== 'Partners');
  const titles = async (listing: Partial<Parameters<typeof listLicences>[1]>) =>
    (await listLicences(db.orm, { limit: 50, ...listing })).items.map(({ title }) => title);
  const first = await listLicences(db.orm, { limit: 2 });
  expect(first.items.map(({ title }) => title)).toEqual(['Press, worldwide', 'Partners']);
  expect(await titles({ after: first.nextCursor! })).toEqual(['Press']);
  expect(await titles({ q: 'press' })).toEqual(['Press, worldwide', 'Press']);
  expect(await titles({ approved: false })).toEqual(['Partners']);
});
