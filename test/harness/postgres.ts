import { randomUUID } from 'node:crypto';
import { createDatabase, dropDatabase } from '@sheaf/db/database-admin';
import { inject } from 'vitest';

/** Migrated once for each run; clones of it cost a file copy instead of the migrations. */
export const templateDatabase = 'sheaf_template';

export interface TestDatabase {
  url: string;
  /** Removes the database, ending whatever connections are left. */
  drop(): Promise<void>;
}

/** A database of the test's own: with all tables (`migrate: true`, the default), or empty. */
export async function createTestDatabase(options: { migrate?: boolean } = {}): Promise<TestDatabase> {
  const adminUrl = inject('postgresAdminUrl');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await createDatabase(adminUrl, name, options.migrate === false ? undefined : templateDatabase);
  return { url: databaseUrl(adminUrl, name), drop: () => dropDatabase(adminUrl, name) };
}

/** The URL of another database on the same server. */
export function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}
