import type { Sql, TransactionSql } from 'postgres';

/** SHA-256 of a migration's text, as drizzle keeps it. */
export type Migration = string;

/** What was applied to a database, in order; none where it has no tables yet. */
export async function appliedMigrations(sql: Sql | TransactionSql): Promise<Migration[]> {
  const [table] = await sql`select to_regclass('drizzle.__drizzle_migrations') as name`;
  if (!table?.name) return [];
  const rows = await sql<{ hash: string }[]>`select hash from drizzle.__drizzle_migrations order by created_at`;
  return rows.map(({ hash }) => hash);
}
