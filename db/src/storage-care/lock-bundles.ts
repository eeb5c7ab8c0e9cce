import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';

const bundles = sql`hashtextextended('bundles that are being laid out', 0)`;

/** Until the caller's transaction ends, no blob is removed. Many may hold it at once, and nobody waits for long. */
export async function lockBundlesWhileKeeping(tx: Executor): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock_shared(${bundles})`);
}

/**
 * Until the caller's transaction ends, nobody lays out a bundle. False where somebody does at this moment: to wait for them
 * would make all who come after wait, too.
 */
export async function lockBundlesWhileRemoving(tx: Executor): Promise<boolean> {
  const [row] = await tx.execute<{ locked: boolean }>(sql`select pg_try_advisory_xact_lock(${bundles}) as locked`);
  return row?.locked ?? false;
}
