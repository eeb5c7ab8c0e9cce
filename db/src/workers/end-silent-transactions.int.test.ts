import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { sql } from 'drizzle-orm';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../../test/harness/postgres.ts';
import { createDatabase } from '../database.ts';
import { endSilentTransactions } from './end-silent-transactions.ts';

/** Before a server; once it is muted, its clients hear nothing more, as if they had been stopped. */
async function openRelay(port: number) {
  let isMuted = false;
  const sockets: Socket[] = [];
  const relay = createServer((client) => {
    const target = connect(port, '127.0.0.1');
    sockets.push(client, target);
    for (const socket of [client, target]) socket.on('error', () => {});
    client.pipe(target);
    target.on('data', (chunk) => void (isMuted || client.write(chunk)));
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    relay.close();
  });
  return {
    port: (relay.address() as AddressInfo).port,
    mute() {
      isMuted = true;
    },
  };
}

async function setup({ applicationName }: { applicationName: string }) {
  const { url, drop } = await createTestDatabase();
  onTestFinished(drop);
  const db = createDatabase(url, { maxConnections: 2 });
  onTestFinished(() => db.close());
  const relay = await openRelay(Number(new URL(url).port));
  const relayed = new URL(url);
  relayed.port = String(relay.port);
  const stopped = createDatabase(relayed.href, { maxConnections: 1, applicationName });
  await db.orm.execute(sql`insert into installation (key, value) values ('kept', '1')`);
  const begun = Promise.withResolvers<void>();
  stopped
    .transaction(async (tx) => {
      await tx.execute(sql`update installation set value = '2' where key = 'kept'`);
      relay.mute();
      begun.resolve();
      await tx.execute(sql`update installation set value = ${'3'}::jsonb where key = 'kept'`);
    })
    .catch(() => {});
  await begun.promise;
  const stateOf = async () => {
    const [row] = await db.orm.execute<{ state: string }>(
      sql`select state || ' ' || wait_event as state from pg_stat_activity
        where datname = current_database() and application_name = ${applicationName}`,
    );
    return row?.state;
  };
  // PostgreSQL takes it for busy.
  await expect.poll(stateOf).toBe('active ClientRead');
  return { db, stateOf };
}

test('the transaction of a service that stopped within a statement is rolled back, and its locks are free', async () => {
  const { db, stateOf } = await setup({ applicationName: 'sheaf-worker' });

  expect(await endSilentTransactions(db.orm, { silentSeconds: 60 })).toBe(0);
  expect(await endSilentTransactions(db.orm, { silentSeconds: 0 })).toBe(1);

  await db.orm.execute(sql`update installation set value = to_jsonb(value::text || ' at last') where key = 'kept'`);
  const [row] = await db.orm.execute(sql`select value from installation where key = 'kept'`);
  expect(row).toEqual({ value: '1 at last' });
  await expect.poll(stateOf).toBeUndefined();
});

test('what a command does in a transaction is left alone, however long it takes', async () => {
  const { db } = await setup({ applicationName: 'sheaf-command' });

  expect(await endSilentTransactions(db.orm, { silentSeconds: 0 })).toBe(0);
});
