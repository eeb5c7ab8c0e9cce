import { sql } from 'drizzle-orm';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openEndingRelay } from '../../test/harness/ending-relay.ts';
import { expectSoundConnections } from '../../test/harness/expect-sound-connections.ts';
import { createTestDatabase } from '../../test/harness/postgres.ts';
import { startPostgresServer } from '../../test/harness/postgres-server.ts';
import { createDatabase, type Executor } from './database.ts';

const statements = 5;

async function setup({ maxConnections = 3 } = {}) {
  const database = await createTestDatabase({ migrate: false });
  const db = createDatabase(database.url, { maxConnections });
  const other = createDatabase(database.url, { maxConnections: 1 });
  onTestFinished(async () => {
    await db.close();
    await other.close();
    await database.drop();
  });
  await db.orm.execute(sql`create table steps (run int not null, step int not null)`);
  return {
    url: database.url,
    db,
    other,
    async countSteps(run: number) {
      const [row] = await other.orm.execute(sql`select count(*)::int as steps from steps where run = ${run}`);
      return row?.steps;
    },
    /** Ends the backend that runs a transaction, as an administrator or a failing server would. */
    async terminate(pid: unknown) {
      await other.orm.execute(sql`select pg_terminate_backend(${pid}::int)`);
    },
  };
}

const insertStep = (tx: Executor, run: number, step: number) =>
  tx.execute(sql`insert into steps (run, step) values (${run}, ${step})`);

test('a transaction whose connection dies before any of its statements leaves nothing, whatever its callback goes on to do', async () => {
  const { db, countSteps, terminate } = await setup();
  for (let dies = 1; dies <= statements; dies++) {
    const refused: unknown[] = [];
    let callback: Promise<void> | undefined;
    // The pool may hand out the connection that died last, once more: then the transaction does not begin at all.
    while (!callback) {
      const transaction = db.transaction((tx) => {
        callback = (async () => {
          const [backend] = await tx.execute(sql`select pg_backend_pid() as pid`);
          for (let step = 1; step <= statements; step++) {
            if (step === dies) await terminate(backend?.pid);
            // A callback that swallows errors and carries on is what tears a transaction in two.
            await insertStep(tx, dies, step).catch((error: unknown) => refused.push(error));
          }
        })();
        return callback;
      });
      await expect(transaction).rejects.toThrow();
    }
    await callback;
    expect(refused).toHaveLength(statements - dies + 1);
    expect(await countSteps(dies)).toBe(0);
  }
  // Only then is it certain that nothing was left on a connection that the pool uses again.
  await vi.waitFor(() => db.transaction((tx) => insertStep(tx, 100, 1)));
  expect(await countSteps(100)).toBe(1);
});

test('what a transaction has locked whose process fell silent is free again after a while, and nothing of it is left', async () => {
  const { url, other, countSteps } = await setup();
  const silent = createDatabase(url, { maxConnections: 1, idleInTransactionMs: 200 });
  onTestFinished(() => silent.close());
  const locked = Promise.withResolvers<void>();
  const transaction = silent.transaction(async (tx) => {
    await insertStep(tx, 1, 1);
    await tx.execute(sql`select pg_advisory_xact_lock(1)`);
    locked.resolve();
    await new Promise(() => {});
  });
  const ended = expect(transaction).rejects.toThrow();
  await locked.promise;

  await other.orm.execute(sql`select pg_advisory_lock(1)`);

  await ended;
  expect(await countSteps(1)).toBe(0);
});

test('a callback that goes on after its transaction was rolled back can write nothing more', async () => {
  const { db, countSteps } = await setup();
  let kept: Executor | undefined;
  const failed = db.transaction(async (tx) => {
    kept = tx;
    await insertStep(tx, 1, 1);
    throw new Error('changed my mind');
  });
  await expect(failed).rejects.toThrow('changed my mind');
  await expect(insertStep(kept!, 1, 2)).rejects.toThrow();
  expect(await countSteps(1)).toBe(0);
});

test('an error of a statement rolls the whole transaction back', async () => {
  const { db, countSteps } = await setup();
  const failed = db.transaction(async (tx) => {
    await insertStep(tx, 1, 1);
    await tx.execute(sql`select 1 / 0`);
  });
  await expect(failed).rejects.toThrow();
  expect(await countSteps(1)).toBe(0);
});

test('ping fails with a retryable error when the server cannot be reached', async () => {
  const db = createDatabase('postgresql://nobody@127.0.0.1:1/none');
  onTestFinished(() => db.close());
  await expect(db.ping()).rejects.toMatchObject({ code: 'service.unavailable', retryable: true });
});

test('what is sent through `prepared` is prepared by each connection once, whatever its parameters', async () => {
  const { db, other } = await setup({ maxConnections: 1 });
  for (const run of [1, 2, 3]) {
    const rows = await db.prepared.execute(sql`select step from steps where run = ${run}`);
    expect(rows).toEqual([]);
  }
  await db.prepared.execute(sql`select count(*) from steps`);
  await db.orm.execute(sql`select run from steps where step = ${1}`);
  // A connection sees its own only.
  const prepared = await db.orm.execute(
    sql`select statement from pg_prepared_statements where statement ~ 'steps' order by statement`,
  );
  expect(prepared.map(({ statement }) => statement)).toEqual([
    'select count(*) from steps',
    'select step from steps where run = $1',
  ]);

  await other.orm.execute(sql`alter table steps alter column step type bigint`);
  expect(await db.prepared.execute(sql`select step from steps where run = ${1}`)).toEqual([]);
});

test('a server that was away is asked again within a moment of its return, however often it was asked meanwhile', async () => {
  const server = await startPostgresServer();
  const db = createDatabase(server.url);
  onTestFinished(async () => {
    await db.close();
    await server.remove();
  });
  await db.ping();
  await server.stop();
  for (let asked = 0; asked < 3; asked++) {
    const answers = await Promise.allSettled(Array.from({ length: 20 }, () => db.ping()));
    expect(answers.map(({ status }) => status)).not.toContain('fulfilled');
  }
  await server.start();
  await vi.waitFor(() => db.ping(), { timeout: 4_000, interval: 50 });
});

test('where all connections end at once, none of them stays of no use', async () => {
  const database = await createTestDatabase({ migrate: false });
  const relay = await openEndingRelay(database.url);
  const db = createDatabase(relay.url, { maxConnections: 2 });
  onTestFinished(async () => {
    await db.close();
    await relay.close();
    await database.drop();
  });
  await expectSoundConnections(db, relay);
});

test('behind a proxy whose server is away, nobody waits', async () => {
  const database = await createTestDatabase({ migrate: false });
  const relay = await openEndingRelay(database.url);
  const db = createDatabase(relay.url);
  onTestFinished(async () => {
    await db.close();
    await relay.close();
    await database.drop();
  });
  relay.isAway = true;
  await expect(db.ping()).rejects.toMatchObject({ code: 'service.unavailable' });
  relay.isAway = false;
  await vi.waitFor(() => db.ping(), { timeout: 4_000, interval: 50 });
});

test.each(['orm', 'prepared'] as const)(
  '%s: rows that came before a statement failed are not counted among those of the next one',
  async (executor) => {
    const { db, url, terminate } = await setup();
    const one = createDatabase(url, { maxConnections: 1 });
    onTestFinished(() => one.close());
    const failsAfterTwo = sql`select 1 / (3 - i) from generate_series(1, 5) i`;
    await expect(one[executor].execute(failsAfterTwo)).rejects.toThrow();
    expect([...(await one[executor].execute(sql`select 1 as n`))]).toEqual([{ n: 1 }]);

    // Nor where the connection ended, or within a transaction.
    const [backend] = await one[executor].execute(sql`select pg_backend_pid() as pid`);
    const lost = one[executor].execute(
      sql`select repeat('x', 9000), pg_sleep(i / 100) from generate_series(1, 9999) i`,
    );
    const refused = expect(lost).rejects.toThrow();
    await vi.waitFor(async () => {
      const [row] = await db.orm.execute(sql`select from pg_stat_activity where pid = ${backend?.pid}
        and wait_event = 'PgSleep'`);
      expect(row).toBeDefined();
    });
    await terminate(backend?.pid);
    await refused;
    await vi.waitFor(() => one.ping());
    await one.transaction(async (tx) => {
      expect([...(await tx.execute(sql`select 2 as n`))]).toEqual([{ n: 2 }]);
    });
  },
);
