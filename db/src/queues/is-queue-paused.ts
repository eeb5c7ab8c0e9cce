import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { queueSettings } from '../schema/operations.ts';

/** Whether a queue is paused at this moment: what a worker asks before each job. */
export async function isQueuePaused(executor: Executor, name: string): Promise<boolean> {
  const [row] = await executor.execute<{ paused: boolean }>(
    sql`select exists (select from ${queueSettings} where name = ${name} and paused_at is not null) as paused`,
  );
  return row?.paused ?? false;
}
