import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { insertBlob } from '../catalogue/insert-blob.ts';
import { setupCatalogue, sha256Of } from '../testing/catalogue-setup.ts';
import { type BundlePage, keepBundle } from './keep-bundle.ts';
import { listPageOffsets, loadBundlePage } from './load-bundle-pages.ts';
import { removeUnusedBundles } from './remove-unused-bundles.ts';

/** A bundle of 20 pages with two files each. */
async function setup() {
  const { db } = await setupCatalogue();
  const fileAt = (index: number): BundlePage['files'][number] => [
    `${index}.jpg`,
    sha256Of(String(index)),
    5_000_000_000,
    0xffff_ffff,
    -1,
  ];
  for (let index = 0; index < 40; index += 1) {
    await insertBlob(db.orm, { sha256: sha256Of(String(index)), size: 5_000_000_000, crc32: 0xffff_ffff });
  }
  const pages = Array.from(
    { length: 20 },
    (_, number): BundlePage => ({
      number,
      offset: number * 10_000_000_100,
      files: [fileAt(2 * number), fileAt(2 * number + 1)],
    }),
  );
  const content = { fingerprint: 'abc', contentSize: 200_000_002_000, entries: 40 };
  const keep = (given: Iterable<BundlePage> = pages) => db.transaction((tx) => keepBundle(tx, content, given));
  const count = async () => (await db.orm.execute(sql`select from bundles`)).length;
  return { db, content, pages, keep, count };
}

test('a bundle gives its pages and where each begins, with sizes beyond 32 bits', async () => {
  const { db, pages, keep } = await setup();

  const id = await keep();

  expect(await listPageOffsets(db.orm, id)).toEqual(pages.map(({ offset }) => offset));
  expect(await loadBundlePage(db.orm, id, 19)).toEqual(pages[19]!.files);
  expect(await loadBundlePage(db.orm, id, 20)).toEqual([]);
});

test('the same content is kept once, also when it is kept twice at the same time, and its pages are not asked for', async () => {
  const { keep, count } = await setup();
  const [first, second] = await Promise.all([keep(), keep()]);

  const third = await keep(
    (function* (): Generator<BundlePage> {
      throw new Error('asked for');
      // biome-ignore lint/correctness/noUnreachable: a generator has to yield what it is a generator of.
      yield undefined as never;
    })(),
  );

  expect([second, third]).toEqual([first, first]);
  expect(await count()).toBe(1);
});

test('a bundle whose pages cannot be written is not there at all', async () => {
  const { keep, count, pages } = await setup();

  await expect(keep([pages[0]!, pages[0]!])).rejects.toThrow();

  expect(await count()).toBe(0);
});

test('the row of a stored file in a bundle cannot be deleted until the bundle is removed', async () => {
  const { db, keep } = await setup();
  await keep();
  const pinned = sql`delete from blobs where sha256 = ${sha256Of('39')}`;
  await expect(db.orm.execute(pinned)).rejects.toMatchObject({ cause: { constraint_name: 'bundled_blob' } });

  const before = new Date(Date.now() + 60_000);
  expect(await removeUnusedBundles(db.orm, { unusedSince: before, limit: 10 })).toBe(1);

  expect(await db.orm.execute(sql`${pinned} returning 1`)).toHaveLength(1);
});

test('a bundle that was just laid out is kept although no archive of it is published yet', async () => {
  const { db, keep, count } = await setup();
  await keep();

  expect(await removeUnusedBundles(db.orm, { unusedSince: new Date(Date.now() - 60_000), limit: 10 })).toBe(0);

  expect(await count()).toBe(1);
});

/** Work in a transaction that is open until `end`. */
function openTransaction<T>(db: Awaited<ReturnType<typeof setup>>['db'], work: (tx: typeof db.orm) => Promise<T>) {
  const worked = Promise.withResolvers<T>();
  const ending = Promise.withResolvers<void>();
  const committed = db.transaction(async (tx) => {
    worked.resolve(await work(tx));
    await ending.promise;
  });
  committed.catch(worked.reject);
  return {
    worked: worked.promise,
    async end() {
      ending.resolve();
      await committed;
    },
  };
}

const aMinuteAgo = () => ({ unusedSince: new Date(Date.now() - 60_000), limit: 10 });
const longUnused = sql`update bundles set used_at = now() - interval '1 day'`;

test('a bundle that somebody is just laying out again is not removed, however long it was unused', async () => {
  const { db, content, pages, keep, count } = await setup();
  await keep();
  await db.orm.execute(longUnused);
  const layingOut = openTransaction(db, (tx) => keepBundle(tx, content, pages));
  const id = await layingOut.worked;

  expect(await removeUnusedBundles(db.orm, aMinuteAgo())).toBe(0);

  await layingOut.end();
  expect(await count()).toBe(1);
  expect(await listPageOffsets(db.orm, id)).toHaveLength(20);
});

test('a bundle that is laid out again while it is removed is there anew, with all its pages', async () => {
  const { db, keep, pages } = await setup();
  const before = await keep();
  await db.orm.execute(longUnused);
  const removing = openTransaction(db, (tx) => removeUnusedBundles(tx, aMinuteAgo()));
  expect(await removing.worked).toBe(1);

  const keeping = keep();
  await removing.end();

  const id = await keeping;
  expect(id).not.toBe(before);
  expect(await listPageOffsets(db.orm, id)).toEqual(pages.map(({ offset }) => offset));
});
