import type { DownloadState } from '@sheaf/domain/download-state';
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { downloads } from '../schema/downloads.ts';
import { setupCatalogue } from '../testing/catalogue-setup.ts';
import { insertUser } from '../users/insert-user.ts';
import { findDownload } from './find-download.ts';
import { listDownloads } from './list-downloads.ts';

/** Downloads in the given states, oldest first, of two requesters in turn. */
async function setup(states: DownloadState[]) {
  const { db } = await setupCatalogue();
  const users = await Promise.all(
    ['a', 'b'].map((name) =>
      insertUser(db.orm, { email: `${name}@example.com`, name, role: 'requester', passwordHash: null }),
    ),
  );
  const ids = states.map((_state, index) => `01900000-0000-7000-8000-${String(index).padStart(12, '0')}`);
  await db.orm.insert(downloads).values(
    states.map((state, index) => ({
      id: ids[index]!,
      requesterId: users[index % 2]!.id,
      name: `${index}`,
      state,
      request: {} as never,
      background: true,
      included: 1,
      excluded: 0,
    })),
  );
  return { db, ids, requesterId: users[0]!.id };
}

const mixed: DownloadState[] = [
  'queued',
  'requested',
  'ready',
  'requested',
  'queued',
  'packing',
  'requested',
  'queued',
];

test('downloads that wait have their place among all that wait, and the others have none', async () => {
  const { db } = await setup(mixed);
  const views = await listDownloads(db.orm, { requesterId: null, limit: 50 });
  const positions = Object.fromEntries(views.map(({ name, queuePosition }) => [name, queuePosition]));
  expect(positions).toEqual({ 0: 1, 1: 2, 2: null, 3: 3, 4: 4, 5: null, 6: 5, 7: 6 });
});

test('a page counts what waits before it and between its own, whoever asked for that', async () => {
  const { db, ids, requesterId } = await setup(mixed);
  const page = await listDownloads(db.orm, { requesterId, before: ids[6], limit: 2 });
  expect(page.map(({ name, queuePosition }) => [name, queuePosition])).toEqual([
    ['4', 4],
    ['2', null],
  ]);
  const last = await findDownload(db.orm, { downloadId: ids[7]!, requesterId: null });
  expect(last?.queuePosition).toBe(6);
});

test('a place is found without reading what has ended, or what waits behind it', async () => {
  const states = Array.from({ length: 4_000 }, (_, index) => (index < 2_000 ? ('expired' as const) : 'queued'));
  const { db, ids } = await setup(states);
  await db.orm.execute(sql`vacuum analyze downloads`);
  const read = (downloadId: string) =>
    db.transaction(async (tx) => {
      const view = await findDownload(tx, { downloadId, requesterId: null });
      const [row] = await tx.execute<{ tuples: number }>(
        sql`select sum(pg_stat_get_xact_tuples_returned(relation))::int as tuples
          from (select 'downloads'::regclass as relation
            union all select indexrelid from pg_index where indrelid = 'downloads'::regclass) as relations`,
      );
      return { position: view?.queuePosition, tuples: row!.tuples };
    });

  const [first, last] = [await read(ids[2_000]!), await read(ids.at(-1)!)];

  expect([first.position, last.position]).toEqual([1, 2_000]);
  expect(first.tuples).toBeLessThan(10);
  expect(last.tuples).toBeGreaterThan(1_000);
});
