import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { createTestDatabase, databaseUrl } from '../../../test/harness/postgres.ts';
import { startPostgresServer } from '../../../test/harness/postgres-server.ts';
import { createDatabase } from '../database.ts';
import { createDatabase as createEmptyDatabase, dropDatabase } from '../database-admin.ts';
import { ensureOwnedDatabase } from '../ensure-owned-database.ts';
import { migrateDatabase } from '../migrate.ts';
import { appendAuditEvent, appendAuditEvents } from './append-audit-event.ts';
import { auditWriterRole } from './audit-writer-role.ts';

const event = { at: new Date('2026-03-04T05:06:07.089Z'), action: 'licence.created' } as const;

async function connect(url: string) {
  const db = createDatabase(url, { maxConnections: 4 });
  const sql = postgres(url, { max: 2, onnotice: () => {} });
  onTestFinished(async () => {
    await sql.end();
    await db.close();
  });
  return {
    url,
    db,
    sql,
    append: (times = 1) =>
      db.transaction((tx) =>
        appendAuditEvents(
          tx,
          Array.from({ length: times }, () => event),
        ),
      ),
    seqs: async () => (await sql`select seq::int from audit_events order by seq`).map(({ seq }) => seq as number),
    writerRole: () => auditWriterRole(sql),
    functionOwner: async () =>
      (await sql`select pg_get_userbyid(proowner) as owner from pg_proc where proname = 'append_audit_event'`)[0]
        ?.owner,
  };
}

/** Drops a database and the role that wrote its log, which goes with no database. */
async function dropWithWriter(admin: postgres.Sql, name: string) {
  const writer = await auditWriterRole(admin, name);
  await dropDatabase(inject('postgresAdminUrl'), name);
  await admin`drop role if exists ${admin(writer)}`;
}

/** A migrated database of the superuser's. */
async function setup() {
  const { url, drop } = await createTestDatabase();
  onTestFinished(drop);
  return connect(url);
}

function adminSql() {
  const admin = postgres(inject('postgresAdminUrl'), { max: 1, onnotice: () => {} });
  onTestFinished(() => admin.end());
  return admin;
}

/** An empty database owned by a user of its own, who is no superuser. */
async function emptyOwnedDatabase(attributes = '') {
  const name = `owned_${randomUUID().replaceAll('-', '')}`;
  const adminUrl = inject('postgresAdminUrl');
  const admin = adminSql();
  await admin.unsafe(`create role ${name} login password 'secret' ${attributes}`);
  await admin.unsafe(`create database ${name} owner ${name}`);
  onTestFinished(async () => {
    await dropWithWriter(admin, name);
    await admin.unsafe(`drop owned by ${name}`);
    await admin.unsafe(`drop role ${name}`);
  });
  const url = new URL(databaseUrl(adminUrl, name));
  url.username = name;
  url.password = 'secret';
  return { name, url: url.href, admin };
}

/** As on a machine of its own: the owner was made by `ensureOwnedDatabase`. */
async function setupOwned() {
  const name = `owned_${randomUUID().replaceAll('-', '')}`;
  const adminUrl = inject('postgresAdminUrl');
  const admin = adminSql();
  await ensureOwnedDatabase(adminUrl, name, 'secret');
  onTestFinished(async () => {
    await dropWithWriter(admin, name);
    await admin.unsafe(`drop role ${name}`);
  });
  const url = new URL(databaseUrl(adminUrl, name));
  url.username = name;
  url.password = 'secret';
  await migrateDatabase(url.href);
  return connect(url.href);
}

const changes = ['update audit_events set action = action', 'delete from audit_events', 'truncate audit_events'];

describe('the audit log is append-only', () => {
  test.each(changes)('%s is refused, for a superuser too, and in a session that replays changes', async (statement) => {
    const { sql, append, seqs } = await setup();
    await append();
    await expect(sql.unsafe(statement)).rejects.toThrow('append-only');
    await expect(
      sql.begin(async (tx) => {
        await tx`set local session_replication_role = replica`;
        await tx.unsafe(statement);
      }),
    ).rejects.toThrow('append-only');
    expect(await seqs()).toEqual([1]);
  });

  test.each(changes)('%s is refused for the owner of the table, also with the triggers disabled', async (statement) => {
    const { sql, append, seqs } = await setupOwned();
    await append();
    await expect(sql.unsafe(statement)).rejects.toMatchObject({ code: '42501' });
    await sql`alter table audit_events disable trigger user`;
    await expect(sql.unsafe(statement)).rejects.toMatchObject({ code: '42501' });
    expect(await seqs()).toEqual([1]);
  });

  test.each(changes)('%s is refused for the role that writes, also with the triggers disabled', async (statement) => {
    const { sql, append, seqs, functionOwner } = await setup();
    await append();
    await sql`alter table audit_events disable trigger user`;
    const writer = await functionOwner();
    const asWriter = sql.begin(async (tx) => {
      await tx`set local role ${tx(writer)}`;
      await tx.unsafe(statement);
    });
    await expect(asWriter).rejects.toMatchObject({ code: '42501' });
    expect(await seqs()).toEqual([1]);
  });

  test('somebody else in the database can neither read nor write it, nor call the function', async () => {
    const { sql } = await setup();
    const { name } = await emptyOwnedDatabase();
    const call = 'select append_audit_event(now(), null, $$x$$, null, null, null, $$x$$)';
    for (const statement of ['select * from audit_events', 'insert into audit_events default values', call]) {
      const asOther = sql.begin(async (tx) => {
        await tx`set local role ${tx(name)}`;
        await tx.unsafe(statement);
      });
      await expect(asOther).rejects.toMatchObject({ code: '42501' });
    }
  });

  test("the function writes the log itself, whatever the caller's search_path puts in its place", async () => {
    const { sql, seqs } = await setup();
    await sql.begin(async (tx) => {
      await tx`create temporary table audit_events (like public.audit_events)`;
      await tx`set local search_path = pg_temp, public`;
      await tx`select public.append_audit_event(now(), null, 'licence.created', null, null, null, '{}')`;
      expect(await tx`select * from pg_temp.audit_events`).toEqual([]);
    });
    await sql`drop table pg_temp.audit_events`;
    expect(await seqs()).toEqual([1]);
  });
});

describe('who appends', () => {
  test('the writer role, where the owner of the database may act as it', async () => {
    const { functionOwner, writerRole, append, seqs, url } = await setupOwned();
    expect(await functionOwner()).toBe(await writerRole());
    await append();
    await migrateDatabase(url);
    await append();
    expect(await seqs()).toEqual([1, 2]);
  });

  test('the owner, where that user may neither create roles nor act as the writer', async () => {
    const { name, url } = await emptyOwnedDatabase();
    await migrateDatabase(url);
    const { functionOwner, append, seqs, sql } = await connect(url);
    expect(await functionOwner()).toBe(name);
    await append(2);
    expect(await seqs()).toEqual([1, 2]);
    for (const statement of changes) {
      await expect(sql.unsafe(statement)).rejects.toMatchObject({ code: '42501' });
    }
  });

  test('the writer role, from the migration after an administrator has allowed it, or after a restore lost it', async () => {
    const { name, url, admin } = await emptyOwnedDatabase();
    await migrateDatabase(url);
    const { functionOwner, writerRole, append, seqs } = await connect(url);
    expect(await functionOwner()).toBe(name);
    const writer = await writerRole();
    await admin.unsafe(`create role ${writer} nologin noinherit`);
    await admin.unsafe(`grant ${writer} to ${name} with set true, inherit false`);
    await migrateDatabase(url);
    expect(await functionOwner()).toBe(writer);
    await append();
    expect(await seqs()).toEqual([1]);
  });

  test('a role of its own, where the user may create roles', async () => {
    const { url } = await emptyOwnedDatabase('createrole');
    await migrateDatabase(url);
    const { append, seqs, functionOwner, writerRole } = await connect(url);
    expect(await functionOwner()).toBe(await writerRole());
    await append();
    expect(await seqs()).toEqual([1]);
  });

  test("an instance's user gains nothing in another's database, neither by their own writer role nor as the other's", async () => {
    const mine = await setupOwned();
    const theirs = await setupOwned();
    await theirs.append();
    const elsewhere = new URL(mine.url);
    elsewhere.pathname = new URL(theirs.url).pathname;
    const { sql, writerRole } = await connect(elsewhere.href);
    await expect(sql`set role ${sql(await writerRole())}`).rejects.toMatchObject({ code: '42501' });
    const call = 'select append_audit_event(now(), null, $$x$$, null, null, null, $$x$$)';
    for (const statement of ['select * from audit_events', 'insert into audit_events default values', call]) {
      const asOwnWriter = sql.begin(async (tx) => {
        await tx`set local role ${tx(await mine.writerRole())}`;
        await tx.unsafe(statement);
      });
      await expect(asOwnWriter).rejects.toMatchObject({ code: '42501' });
    }
    expect(await theirs.seqs()).toEqual([1]);
  });

  test('databases of one server that are migrated at the same time do not get in each other’s way', async () => {
    // A server of the test's own, which has no writer roles yet.
    const server = await startPostgresServer();
    onTestFinished(() => server.remove());
    const names = ['a', 'b', 'c', 'd'];
    for (const name of names) await createEmptyDatabase(server.url, name);
    const urls = names.map((name) => databaseUrl(server.url, name));
    await Promise.all(urls.flatMap((url) => [migrateDatabase(url), migrateDatabase(url)]));
    for (const url of urls) {
      const { append, seqs, functionOwner, writerRole } = await connect(url);
      await append();
      expect([await seqs(), await functionOwner()]).toEqual([[1], await writerRole()]);
    }
  });
});

describe('the sequence', () => {
  test('transactions that append at the same time get consecutive numbers and one chain', async () => {
    const { sql, append, seqs } = await setup();
    await Promise.all(Array.from({ length: 40 }, () => append(2)));
    expect(await seqs()).toEqual(Array.from({ length: 80 }, (_, index) => index + 1));
    const broken = await sql`
      select seq from (select seq, previous_hash, lag(hash) over (order by seq) as before from audit_events) as row
      where previous_hash <> before`;
    expect(broken).toEqual([]);
  });

  test('what is rolled back leaves no gap', async () => {
    const { db, append, seqs } = await setup();
    await append();
    const rolledBack = db.transaction(async (tx) => {
      await appendAuditEvent(tx, event);
      throw new Error('changed my mind');
    });
    await expect(rolledBack).rejects.toThrow('changed my mind');
    await append();
    expect(await seqs()).toEqual([1, 2]);
  });

  test('an event is kept as it was told, hostile text and all', async () => {
    const { db, sql } = await setup();
    const ids = ['1', '2', '3', '4'].map((digit) => `01900000-0000-7000-8000-00000000000${digit}`);
    const [actorId, downloadId, assetId, licenceId] = ids;
    const detail = { name: 'a\u0000b \ud800 "\\u0000" 😀\n', 'Ä.x': [null, 1.5, true] };
    const told = { ...event, actorId, downloadId, assetId, licenceId, ipAddress: '::1', userAgent: "'; --", detail };
    await db.transaction((tx) => appendAuditEvent(tx, told));
    const [row] = await sql`select * from audit_events`;
    expect(row).toMatchObject({ at: event.at, action: event.action, actor_id: actorId, download_id: downloadId });
    expect(row).toMatchObject({ asset_id: assetId, licence_id: licenceId });
    expect(JSON.parse(row?.record)).toEqual({ ...told, at: event.at.toISOString() });
  });
});
