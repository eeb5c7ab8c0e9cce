import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';

/** Those of these names of stored files that no row knows. */
export async function findUnrecorded(executor: Executor, sha256s: readonly string[]): Promise<string[]> {
  if (sha256s.length === 0) return [];
  const rows = await executor.execute<{ sha256: string }>(sql`
    select name as sha256 from unnest(${`{${sha256s.join(',')}}`}::text[]) as name
    where not exists (select from blobs where blobs.sha256 = name)`);
  return rows.map(({ sha256 }) => sha256);
}
