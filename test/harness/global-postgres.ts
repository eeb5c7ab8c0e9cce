import { createDatabase } from '@sheaf/db/database-admin';
import { migrateDatabase } from '@sheaf/db/migrate';
import { migrateQueue } from '@sheaf/queue/queue-connection';
import type { TestProject } from 'vitest/node';
import { databaseUrl, templateDatabase } from './postgres.ts';
import { startPostgresServer } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Superuser's URL of the PostgreSQL server that a project's test files share. */
    postgresAdminUrl: string;
  }
}

/** One PostgreSQL for all test files of a project, with a migrated template that each test's database is cloned from. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgresServer();
  try {
    await createDatabase(server.url, templateDatabase);
    const templateUrl = databaseUrl(server.url, templateDatabase);
    await migrateDatabase(templateUrl);
    await migrateQueue({ kind: 'postgres', url: templateUrl });
  } catch (error) {
    await server.remove();
    throw error;
  }
  project.provide('postgresAdminUrl', server.url);
  return () => server.remove();
}
