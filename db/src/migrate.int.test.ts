import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../test/harness/postgres.ts';
import { hasAcceptedVersion } from './catalogue/has-accepted-version.ts';
import { createDatabase } from './database.ts';
import { loadAcceptances } from './downloads/load-acceptances.ts';
import { loadCountedAcceptances } from './evidence/load-counted-acceptances.ts';
import { migrateDatabase, pendingMigrations } from './migrate.ts';
import { sha256Of } from './testing/catalogue-setup.ts';

const migrations = new URL('../migrations', import.meta.url);

/** A database as the first version left it, and a way to bring it to this one. */
async function setup() {
  const { url, drop } = await createTestDatabase({ migrate: false });
  onTestFinished(drop);
  const folder = await mkdtemp(path.join(tmpdir(), 'sheaf-test-migrations-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp(migrations, folder, { recursive: true });
  const journalFile = path.join(folder, 'meta', '_journal.json');
  const journal = JSON.parse(await readFile(journalFile, 'utf8'));
  await writeFile(journalFile, JSON.stringify({ ...journal, entries: journal.entries.slice(0, 1) }));
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  onTestFinished(() => sql.end());
  await migrate(drizzle(sql), { migrationsFolder: folder });
  const db = createDatabase(url, { maxConnections: 2 });
  onTestFinished(() => db.close());
  return { url, sql, db };
}

test('acceptances of terms that were replaced before versions were counted become acceptances of no version', async () => {
  const { url, sql, db } = await setup();
  const [userId, licenceId] = [randomUUID(), randomUUID()];
  const [oldest, older, inForce] = [sha256Of('oldest'), sha256Of('older'), sha256Of('in force')];
  await sql`insert into users (id, email, name, role) values (${userId}, 'r@example.com', 'r', 'requester')`;
  await sql`insert into blobs (sha256, size, crc32) values (${inForce}, 1, 1)`;
  await sql`insert into licences (id, title, approved, document_sha256) values (${licenceId}, 'Terms', true, ${inForce})`;
  for (const sha256 of [oldest, older, inForce]) {
    await sql`insert into acceptances (id, user_id, licence_id, sha256)
      values (${randomUUID()}, ${userId}, ${licenceId}, ${sha256})`;
  }

  await migrateDatabase(url);

  expect(await pendingMigrations(url)).toBe(0);
  const expected = [
    [0, oldest],
    [0, older],
    [1, inForce],
  ].sort();
  const versions = (rows: { version: number; sha256: string }[]) =>
    rows.map(({ version, sha256 }) => [version, sha256]).sort();
  expect(versions(await loadAcceptances(db.orm, userId, [licenceId]))).toEqual(expected);
  const counted = await loadCountedAcceptances(db.orm, { downloadId: randomUUID(), userId, licenceIds: [licenceId] });
  expect(versions(counted)).toEqual(expected);
  expect(await hasAcceptedVersion(db.orm, { userId, licenceId, number: 1 })).toBe(true);
});

test('whoever accepted only other bytes than those of the first version has not accepted it', async () => {
  const { url, sql, db } = await setup();
  const [userId, licenceId] = [randomUUID(), randomUUID()];
  const inForce = sha256Of('in force');
  await sql`insert into users (id, email, name, role) values (${userId}, 'r@example.com', 'r', 'requester')`;
  await sql`insert into blobs (sha256, size, crc32) values (${inForce}, 1, 1)`;
  await sql`insert into licences (id, title, approved, document_sha256) values (${licenceId}, 'Terms', true, ${inForce})`;
  await sql`insert into acceptances (id, user_id, licence_id, sha256)
    values (${randomUUID()}, ${userId}, ${licenceId}, ${sha256Of('older')})`;

  await migrateDatabase(url);

  expect(await hasAcceptedVersion(db.orm, { userId, licenceId, number: 1 })).toBe(false);
});
