import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';

/**
 * Until the caller's transaction ends, nobody else holds these blobs' locks. Recording a blob and removing its
 * unrecorded bytes both take them, so that bytes which were just recorded are never removed. They are taken in the
 * order of the names, so that two transactions never wait for each other.
 */
export async function lockBlobs(tx: Executor, sha256s: readonly string[]): Promise<void> {
  const names = `{${[...sha256s].sort().join(',')}}`;
  await tx.execute(sql`
    select pg_advisory_xact_lock(hashtextextended(name, 0)) from unnest(${names}::text[]) with ordinality as n (name, i)
    order by i`);
}
