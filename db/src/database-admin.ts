import postgres from 'postgres';

/**
 * Creates a database on the server that `adminUrl` points to, as a copy of `template` when one is named
 * (nobody may be connected to the template meanwhile). Throws the server's error when it exists already.
 */
export async function createDatabase(adminUrl: string, name: string, template?: string): Promise<void> {
  await onServer(adminUrl, async (sql) => {
    if (template === undefined) await sql`create database ${sql(name)}`;
    // Measured for the tests' template, once in the cache: 39 ms, and 101 ms by the default strategy, WAL_LOG.
    else await sql`create database ${sql(name)} template ${sql(template)} strategy file_copy`;
  });
}

/** Drops the database if it exists, ending the connections that it still has. */
export async function dropDatabase(adminUrl: string, name: string): Promise<void> {
  await onServer(adminUrl, async (sql) => {
    await sql`drop database if exists ${sql(name)} with (force)`;
  });
}

async function onServer(adminUrl: string, work: (sql: postgres.Sql) => Promise<void>): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} });
  try {
    await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
