import { sql } from 'drizzle-orm';
import type { Executor } from './database.ts';

/** What time it is for all processes alike. */
export async function readDatabaseTime(executor: Executor): Promise<Date> {
  const [row] = await executor.execute<{ ms: number }>(
    sql`select extract(epoch from clock_timestamp())::float8 * 1000 as ms`,
  );
  return new Date(row!.ms);
}
