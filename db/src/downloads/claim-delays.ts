import { inArray, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';

/** Milliseconds from each download's acceptance to its first claim by a worker; without those not yet claimed. */
export async function claimDelays(executor: Executor, ids: string[]): Promise<number[]> {
  const rows = await executor
    .select({ delay: sql<string>`extract(epoch from ${downloads.startedAt} - ${downloads.createdAt}) * 1000` })
    .from(downloads)
    .where(inArray(downloads.id, ids));
  return rows.filter((row) => row.delay !== null).map((row) => Number(row.delay));
}
