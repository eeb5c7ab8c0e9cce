import type { Sql, TransactionSql } from 'postgres';

/**
 * The name of the role that a database's audit log is written under. Roles belong to the server, so each database has one
 * of its own: who may act as it gains nothing in the others. By default that of the database that `sql` is connected to.
 * Throws where there is no such database.
 */
export async function auditWriterRole(sql: Sql | TransactionSql, database: string | null = null): Promise<string> {
  const [row] = await sql<{ role: string }[]>`
    select 'sheaf_audit_writer_' || oid as role from pg_database
    where datname = coalesce(${database}::name, current_database())`;
  if (row === undefined) throw new Error(`There is no database ${database}.`);
  return row.role;
}
