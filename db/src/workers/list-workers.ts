import { asc, getTableColumns, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { workers } from '../schema/jobs.ts';

/** Every worker that has not said that it ended, oldest first; `now` is by the clock that heartbeats are measured by. */
export function listWorkers(executor: Executor) {
  const now = sql`now()`.mapWith(workers.heartbeatAt);
  return executor
    .select({ ...getTableColumns(workers), now })
    .from(workers)
    .orderBy(asc(workers.startedAt));
}
