import { createDatabase } from '@sheaf/db/database';
import { listDownloads } from '@sheaf/db/downloads/list-downloads';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../../test/harness/postgres.ts';
import { seedDatabase } from './seed-database.ts';

async function setup() {
  const database = await createTestDatabase();
  onTestFinished(database.drop);
  const db = createDatabase(database.url, { maxConnections: 2 });
  onTestFinished(() => db.close());
  const count = async (rows: string) => {
    const [row] = (await db.orm.execute(`select count(*)::int as count from ${rows}`)) as unknown as {
      count: number;
    }[];
    return row!.count;
  };
  const structure = async () =>
    [
      ...(await db.orm.execute(
        `select indexdef as line from pg_indexes where schemaname = 'public'
         union all select conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
           where connamespace = 'public'::regnamespace and convalidated
         union all select tgname || ' ' || tgenabled::text from pg_trigger where not tgisinternal
         union all select proname::text from pg_proc where pronamespace = 'public'::regnamespace order by 1`,
      )),
    ].map(({ line }) => line);
  return { url: database.url, db, count, structure };
}

test('the seed makes exactly what was asked for, by our own constraints, and leaves the tables as they were', async () => {
  const { url, db, count, structure } = await setup();
  const before = await structure();
  await seedDatabase(url, { downloads: 300, assets: 200 }, () => {});
  expect([await count('downloads'), await count('assets')]).toEqual([300, 200]);
  expect(await structure()).toEqual(before);
  const [newest, second] = await listDownloads(db.orm, { requesterId: null, limit: 2 });
  expect(newest!.createdAt >= second!.createdAt).toBe(true);
  const wrong = `downloads d where included <> (select count(*) from download_items i where i.download_id = d.id and outcome = 'included')
    or bytes_total <> (select sum((entry ->> 'size')::bigint) from download_items i, jsonb_array_elements(entries) entry where i.download_id = d.id)`;
  expect(await count(wrong)).toBe(0);
});

test('only an empty database is seeded', async () => {
  const { url, count } = await setup();
  await seedDatabase(url, { downloads: 20, assets: 20 }, () => {});
  await expect(seedDatabase(url, { downloads: 20, assets: 20 }, () => {})).rejects.toThrow('Only an empty database');
  expect(await count('downloads')).toBe(20);
});
