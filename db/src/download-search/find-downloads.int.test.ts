import { downloadStates } from '@sheaf/domain/download-state';
import { beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase } from '../../../test/harness/postgres.ts';
import { createDatabase, type Database } from '../database.ts';
import { countDownloads } from './count-downloads.ts';
import type { DownloadSearch } from './download-search.ts';
import { findDownloads, type SearchBounds } from './find-downloads.ts';
import type { Place, SearchOrder } from './search-order.ts';
import { searchOrders } from './search-order.ts';
import {
  fillDownloads,
  type KnownDownload,
  naiveSearch,
  randomSearches,
  searchesOfFewFields,
} from './testing/known-downloads.ts';

let db: Database;
let known: KnownDownload[];

// One database for all: nothing here changes it.
beforeAll(async () => {
  const { url, drop } = await createTestDatabase();
  db = createDatabase(url, { maxConnections: 4 });
  known = await fillDownloads(db.orm, 150);
  return async () => {
    await db.close();
    await drop();
  };
});

/** All pages, and how often a page stopped short. */
async function readAll(search: DownloadSearch, order: SearchOrder, bounds?: SearchBounds) {
  const ids: string[] = [];
  let after: Place | undefined;
  let stops = 0;
  for (let page = 0; page < 1_000; page++) {
    const found = await findDownloads(db, { search, order, after, limit: 7 }, bounds);
    ids.push(...found.ids);
    if (found.searchedTo !== null) stops += 1;
    if (found.next === null) return { ids, stops };
    after = found.next;
  }
  throw new Error('The pages do not end.');
}

/** So small that every way of searching is taken. */
const narrow: SearchBounds[] = [
  { looks: [3, 5, 9], few: 12 },
  { looks: [1, 1, 2], few: 0 },
  { looks: [2, 4, 4], few: 150 },
];

describe('findDownloads', () => {
  test.each(searchOrders)(
    'finds exactly what a plain filter finds, in the order %s, by every three of its fields at once',
    { timeout: 120_000 },
    async (order) => {
      let stops = 0;
      let found = 0;
      for (const [index, search] of searchesOfFewFields(known, 3).entries()) {
        const expected = naiveSearch(known, search, order);
        const result = await readAll(search, order, narrow[index % narrow.length]);
        expect(result.ids, JSON.stringify(search)).toEqual(expected);
        stops += result.stops;
        found += expected.length;
      }
      // Or else the test would have tested nothing.
      expect(stops).toBeGreaterThan(30);
      expect(found).toBeGreaterThan(300);
    },
  );

  test('finds the same with the bounds that are used', async () => {
    for (const search of randomSearches(known, 100)) {
      for (const order of searchOrders) {
        const result = await readAll(search, order);
        expect(result, JSON.stringify(search)).toEqual({ ids: naiveSearch(known, search, order), stops: 0 });
      }
    }
  });

  test('takes signs that LIKE gives a meaning to for themselves, in texts too short for an index too', async () => {
    for (const q of ['%', '_', '\\', '100%', 'ü', 'É', '"', 'a']) {
      const { ids } = await readAll({ q }, 'newest', narrow[1]);
      expect(ids, q).toEqual(naiveSearch(known, { q }, 'newest'));
    }
  });

  test('finds nothing for a requester whom nobody is called, and looks at nothing', async () => {
    expect(await findDownloads(db, { search: { requester: 'nobody-like-this' }, order: 'newest', limit: 5 })).toEqual({
      ids: [],
      next: null,
      searchedTo: null,
    });
  });

  test('knows every state', () => {
    expect(new Set(known.map(({ state }) => state))).toEqual(new Set(downloadStates));
  });
});

describe('countDownloads', () => {
  test('counts what a plain filter finds, for every combination', async () => {
    for (const search of randomSearches(known, 300)) {
      const count = naiveSearch(known, search, 'newest').length;
      expect(await countDownloads(db, search), JSON.stringify(search)).toEqual({ value: count, exact: true });
    }
  });
});
