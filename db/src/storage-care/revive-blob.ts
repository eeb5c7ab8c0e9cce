import { sql } from 'drizzle-orm';
import { lockBlobs } from '../catalogue/lock-blobs.ts';
import type { Executor } from '../database.ts';

/**
 * For whoever is about to use a blob whose file is there: true where it is recorded and whole, and then it counts as used
 * until somebody looks again, which leaves as many days as any unused file has. In a transaction.
 */
export async function reviveBlob(tx: Executor, sha256: string): Promise<boolean> {
  await lockBlobs(tx, [sha256]);
  const [blob] = await tx.execute<{ whole: boolean; unused: boolean }>(
    sql`select fault is null as whole, unused_since is not null as unused from blobs where sha256 = ${sha256}`,
  );
  if (!blob?.whole) return false;
  if (blob.unused) await tx.execute(sql`update blobs set unused_since = null where sha256 = ${sha256}`);
  return true;
}
