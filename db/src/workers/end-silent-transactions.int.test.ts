import { sql } from 'drizzle-orm';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../../test/harness/postgres.ts';
import { openRelay } from '../../../test/harness/relay.ts';
import { createDatabase } from '../database.ts';
import { endSilentTransactions } from './end-silent-transactions.ts';

/** Before a server; once it is muted, its clients hear nothing more, as if they had been stopped. */
async function openMutingRelay(serverPort: number) {
  let isMuted = false;
  const { port, close } = await openRelay(serverPort, (client, reach) => {
    const target = reach();
    client.pipe(target);
    target.on('data', (chunk) => void (isMuted || client.write(chunk)));
  });
  onTestFinished(close);
  return {
    port,
    mute() {
      isMuted = true;
    },
  };
}

async function setup({ applicationName, waiting = 0 }: { applicationName: string; waiting?: number }) {
  const { url, drop } = await createTestDatabase();
  onTestFinished(drop);
  const db = createDatabase(url, { maxConnections: 2 });
  onTestFinished(() => db.close());
  const relay = await openMutingRelay(Number(new URL(url).port));
  const relayed = new URL(url);
  relayed.port = String(relay.port);
  const stopped = createDatabase(relayed.href, { maxConnections: 1 + waiting, applicationName });
  const statesOf = async () => {
    const rows = await db.orm.execute<{ state: string }>(
      sql`select state || ' ' || wait_event as state from pg_stat_activity
        where datname = current_database() and application_name = ${applicationName} order by 1`,
    );
    return rows.map(({ state }) => state);
  };
  await db.orm.execute(sql`insert into installation (key, value) values ('kept', '1')`);
  const begun = Promise.withResolvers<void>();
  const muted = Promise.withResolvers<void>();
  const transaction = (work: Parameters<typeof stopped.transaction>[0]) =>
    void stopped.transaction(work).catch(() => {});
  transaction(async (tx) => {
    await tx.execute(sql`update installation set value = '2' where key = 'kept'`);
    begun.resolve();
    await muted.promise;
    await tx.execute(sql`update installation set value = ${'3'}::jsonb where key = 'kept'`);
  });
  await begun.promise;
  for (let n = 0; n < waiting; n += 1) {
    transaction((tx) => tx.execute(sql`update installation set value = '4' where key = 'kept'`));
  }
  const wait = /^active (transactionid|tuple)$/;
  await expect.poll(async () => (await statesOf()).filter((state) => wait.test(state)).length).toBe(waiting);
  relay.mute();
  muted.resolve();
  // PostgreSQL takes it for busy.
  await expect.poll(statesOf).toContain('active ClientRead');
  return { db, statesOf };
}

test('the transaction of a service that stopped within a statement is rolled back, and its locks are free', async () => {
  const { db, statesOf } = await setup({ applicationName: 'sheaf-worker' });

  expect(await endSilentTransactions(db.orm, { silentSeconds: 60 })).toBe(0);
  expect(await endSilentTransactions(db.orm, { silentSeconds: 0 })).toBe(1);

  await db.orm.execute(sql`update installation set value = to_jsonb(value::text || ' at last') where key = 'kept'`);
  const [row] = await db.orm.execute(sql`select value from installation where key = 'kept'`);
  expect(row).toEqual({ value: '1 at last' });
  await expect.poll(statesOf).toEqual([]);
});

test('what its other transactions waited for meanwhile they do not keep for as long again, one after the other', async () => {
  const { db, statesOf } = await setup({ applicationName: 'sheaf-worker', waiting: 2 });
  let ended = 0;
  const end = async () => {
    ended += await endSilentTransactions(db.orm, { silentSeconds: 1 });
    return ended;
  };

  await expect.poll(end, { timeout: 15_000 }).toBe(3);

  await expect.poll(statesOf).toEqual([]);
  await db.orm.execute(sql`update installation set value = '5' where key = 'kept'`);
});

test('what a command does in a transaction is left alone, however long it takes', async () => {
  const { db } = await setup({ applicationName: 'sheaf-command' });

  expect(await endSilentTransactions(db.orm, { silentSeconds: 0 })).toBe(0);
});
