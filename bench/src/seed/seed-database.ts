import { createDatabase } from '@sheaf/db/database';
import { seedCatalogue } from './seed-catalogue.ts';
import { seedDeliveries } from './seed-deliveries.ts';
import { seedDownloads } from './seed-downloads.ts';
import { createFunctions, dropFunctions } from './seed-functions.ts';
import { seedPeople } from './seed-people.ts';
import { seedSearch } from './seed-search.ts';
import { withoutIndexes } from './without-indexes.ts';

export interface SeedSize {
  downloads: number;
  assets: number;
}

/**
 * Fills a migrated, empty database with a realistic past: people, catalogue, downloads with all that belongs to them, but
 * for stored bytes and the audit log. Throws where there is something in it already. Gives the seconds that it took.
 */
export async function seedDatabase(
  url: string,
  { downloads, assets }: SeedSize,
  show: (line: string) => void,
): Promise<number> {
  const start = performance.now();
  // One connection: what the statements share is in temporary tables.
  const db = createDatabase(url, { maxConnections: 1, applicationName: 'sheaf-seed' });
  const run = async (title: string, statements: readonly string[]) => {
    const from = performance.now();
    for (const statement of statements) await db.orm.execute(statement);
    show(`${title}: ${((performance.now() - from) / 1_000).toFixed(1)} s`);
  };
  try {
    const [found] = (await db.orm.execute(
      'select exists (select from assets) or exists (select from downloads) as used',
    )) as unknown as { used: boolean }[];
    if (found?.used) throw new Error('Only an empty database can be seeded, and this one has assets or downloads.');
    const people = Math.max(20, Math.round(downloads / 500));
    await run('preparations', [
      `set work_mem = '256MB'`,
      `set maintenance_work_mem = '512MB'`,
      `set temp_buffers = '256MB'`,
      'set synchronous_commit = off',
      ...createFunctions,
    ]);
    await run('people', seedPeople(people));
    await withoutIndexes(db.orm, async () => {
      await run('catalogue', seedCatalogue(assets));
      // The trigger that repeats what blobs say was off meanwhile.
      await run('facts of blobs', [
        'update renditions r set blob_size = size, blob_crc32 = crc32 from blobs where sha256 = r.blob_sha256',
      ]);
      await run('downloads and items', seedDownloads(downloads, { people, assets }));
      await run('names and licences', seedSearch);
      await run('deliveries', seedDeliveries);
    });
    await run('statistics', [...dropFunctions, 'vacuum analyze']);
  } finally {
    await db.close();
  }
  return (performance.now() - start) / 1_000;
}
