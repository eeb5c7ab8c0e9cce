import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import journal from '../migrations/meta/_journal.json' with { type: 'json' };
import { secureAuditLog } from './audit/secure-audit-log.ts';

const migrationsFolder = fileURLToPath(new URL('../migrations', import.meta.url));

/** Any number: all processes that migrate one database agree on it. */
const lockKey = 7_434_323;

/** Brings the database's tables to this version. Safe to call from several processes at once. */
export async function migrateDatabase(databaseUrl: string): Promise<void> {
  const client = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    const orm = drizzle(client);
    await orm.execute(sql`select pg_advisory_lock(${lockKey})`);
    await migrate(orm, { migrationsFolder });
    await secureAuditLog(client);
  } finally {
    await client.end({ timeout: 5 });
  }
}

/** How many of this version's migrations the database lacks; 0 when it is current. */
export async function pendingMigrations(databaseUrl: string): Promise<number> {
  const client = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    const [table] = await client`select to_regclass('drizzle.__drizzle_migrations') as name`;
    if (!table?.name) return journal.entries.length;
    const [row] = await client`select count(*)::int as applied from drizzle.__drizzle_migrations`;
    return journal.entries.length - Number(row?.applied ?? 0);
  } finally {
    await client.end({ timeout: 5 });
  }
}
