import { asc, getTableColumns, gt, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { workers } from '../schema/jobs.ts';
import { shownSeconds } from './heartbeat-worker.ts';

/** Every worker that was heard of lately and has not said that it ended, oldest first; `now` is by the clock that heartbeats are measured by. */
export function listWorkers(executor: Executor) {
  const now = sql`now()`.mapWith(workers.heartbeatAt);
  return executor
    .select({ ...getTableColumns(workers), now })
    .from(workers)
    .where(gt(workers.heartbeatAt, sql`now() - ${shownSeconds} * interval '1 second'`))
    .orderBy(asc(workers.startedAt));
}
