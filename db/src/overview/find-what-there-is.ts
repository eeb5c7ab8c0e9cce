import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';

/** Whether there is anything yet: what to do first depends on it. */
export async function findWhatThereIs(executor: Executor): Promise<{ assets: boolean; downloads: boolean }> {
  const [row] = await executor.execute<{ assets: boolean; downloads: boolean }>(sql`
    select exists (select from assets where deleted_at is null) as assets, exists (select from downloads) as downloads`);
  return row ?? { assets: false, downloads: false };
}
