import { randomInt } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { createDatabase, type Database } from '@sheaf/db/database';
import { countDownloads } from '@sheaf/db/download-search/count-downloads';
import type { DownloadSearch } from '@sheaf/db/download-search/download-search';
import { findDownloads } from '@sheaf/db/download-search/find-downloads';
import { loadFoundDownloads } from '@sheaf/db/download-search/load-found-downloads';
import { searchOrders } from '@sheaf/db/download-search/search-order';
import { listFailureClusters } from '@sheaf/db/failures/list-failure-clusters';
import { loadConfig } from '@sheaf/runtime/load-config';
import { openInstallation } from '@sheaf/standalone/open-installation';
import { percentile } from './measure.ts';
import { seedDatabase } from './seed/seed-database.ts';

const rounds = 40;
const day = 24 * 60 * 60_000;

/**
 * What administrators wait for in a list of so many downloads: the first page in each order, searches by every one and
 * two of a filter's fields, with frequent, rare and unheard-of values, their counts, and the failures of 90 days. With
 * DATABASE_URL, of what is there instead.
 */
export async function benchAdminDownloads(folder: string) {
  const given = process.env.DATABASE_URL;
  if (given) return [await measure(given)];
  return [
    await seedAndMeasure(path.join(folder, 'few'), 10_000),
    await seedAndMeasure(path.join(folder, 'many'), 1_000_000),
  ];
}

async function seedAndMeasure(folder: string, downloads: number) {
  const installation = await openInstallation(loadConfig({ DATA_DIR: folder }), (line) => console.error(line));
  try {
    const assets = Math.max(100, downloads / 10);
    await seedDatabase(installation.databaseUrl, { downloads, assets }, (line) => console.error(line));
    return { downloads, ...(await measure(installation.databaseUrl)) };
  } finally {
    await installation.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(databaseUrl: string) {
  const db = createDatabase(databaseUrl, { maxConnections: 2 });
  try {
    const searches = await searchesOf(db);
    const page = async (search: DownloadSearch, order: (typeof searchOrders)[number]) => {
      const { ids } = await findDownloads(db, { search, order, limit: 50 });
      await loadFoundDownloads(db.orm, ids);
    };
    const orders: Record<string, unknown> = {};
    for (const order of searchOrders) {
      orders[order] = {
        firstPage: await summary(Array.from({ length: rounds }, () => () => page({}, order))),
        searches: await summary(searches.map((search) => () => page(search, order))),
      };
    }
    const to = new Date(Date.now() + day);
    const from = new Date(to.getTime() - 91 * day);
    return {
      searches: searches.length,
      milliseconds: {
        ...orders,
        counts: await summary(searches.map((search) => () => countDownloads(db, search))),
        failures: await summary(
          Array.from({ length: rounds }, () => () => listFailureClusters(db.orm, { from, to, limit: 100 })),
        ),
      },
    };
  } finally {
    await db.close();
  }
}

async function searchesOf(db: Database): Promise<DownloadSearch[]> {
  const one = async (statement: string) =>
    String((await db.orm.execute<{ value: string }>(statement))[0]?.value ?? '01900000-0000-7000-8000-000000000000');
  const by = (column: string, table: string, direction: string) =>
    `select ${column} as value from ${table} group by ${column} order by count(*) ${direction} limit 1`;
  const ago = (days: number) => new Date(Date.now() - days * day);
  const fields: DownloadSearch[][] = [
    [
      { requesterId: await one(by('requester_id', 'downloads', 'desc')) },
      { requesterId: await one(by('requester_id', 'downloads', 'asc')) },
    ],
    [{ requester: 'example' }, { requester: 'a' }, { requester: 'nobody of that name' }],
    [
      { assetId: await one(by('asset_id', 'download_items', 'desc')) },
      { assetId: await one(by('asset_id', 'download_items', 'asc')) },
    ],
    [
      { licenceId: await one(by('licence_id', 'download_licences', 'desc')) },
      { licenceId: await one(by('licence_id', 'download_licences', 'asc')) },
    ],
    [{ errorCode: 'storage.unavailable' }, { errorCode: 'internal' }, { errorCode: 'unheard.of' }],
    [{ states: ['expired'] }, { states: ['failed'] }, { states: ['failed', 'cancelled'] }, { states: ['packing'] }],
    [{ createdFrom: ago(1) }, { createdTo: ago(60) }, { createdFrom: ago(50), createdTo: ago(49) }],
    [{ q: 'campaign' }, { q: 'für die agentur 12' }, { q: '4711' }, { q: 'no such name' }, { q: 'e' }],
    [{ delivery: 'packed' }],
    [{ sizeMin: 10_000_000_000 }, { sizeMax: 100_000 }],
  ];
  const pick = (values: DownloadSearch[]) => values[randomInt(values.length)]!;
  const pairs = fields.flatMap((first, index) =>
    fields.slice(index + 1).flatMap((second) => [
      { ...pick(first), ...pick(second) },
      { ...pick(first), ...pick(second) },
    ]),
  );
  return [...fields.flat(), ...pairs];
}

async function summary(works: (() => Promise<unknown>)[]) {
  const times: number[] = [];
  for (const work of works) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  const rounded = (value: number) => Math.round(value * 10) / 10;
  return {
    p50: rounded(percentile(times, 0.5)),
    p95: rounded(percentile(times, 0.95)),
    max: rounded(Math.max(...times)),
  };
}
