import { isNull } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { blobs } from '../schema/catalogue.ts';

/** Names of so many stored files that should be there: enough to tell whether this is the storage of this database. */
export async function listSomeBlobs(executor: Executor, limit: number): Promise<string[]> {
  const rows = await executor
    .select({ sha256: blobs.sha256 })
    .from(blobs)
    .where(isNull(blobs.fault))
    .orderBy(blobs.sha256)
    .limit(limit);
  return rows.map(({ sha256 }) => sha256);
}
