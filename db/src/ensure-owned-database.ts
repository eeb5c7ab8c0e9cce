import postgres from 'postgres';
import { auditWriterRole } from './audit/audit-writer-role.ts';

/**
 * Makes sure that the server has a role and a database of that name, the one owning the other. The role may log in
 * with the password and is no superuser, so that SQL cannot read the server's files. It may act as the role that writes
 * this database's audit log, which it could not create.
 */
export async function ensureOwnedDatabase(adminUrl: string, name: string, password: string): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} });
  try {
    const [role] = await sql`select 1 from pg_roles where rolname = ${name}`;
    // Utility statements take no parameters, so the server itself quotes the password.
    const [quoted] = await sql<{ password: string }[]>`select quote_literal(${password}) as password`;
    const verb = role ? sql`alter` : sql`create`;
    await sql`${verb} role ${sql(name)} login password ${sql.unsafe(quoted!.password)}`;
    const [database] = await sql`select 1 from pg_database where datname = ${name}`;
    if (!database) await sql`create database ${sql(name)} owner ${sql(name)}`;
    const writer = await auditWriterRole(sql, name);
    const [known] = await sql`select 1 from pg_roles where rolname = ${writer}`;
    if (!known) await sql`create role ${sql(writer)} nologin noinherit`;
    await sql`grant ${sql(writer)} to ${sql(name)} with set true, inherit false`;
  } finally {
    await sql.end({ timeout: 5 });
  }
}
