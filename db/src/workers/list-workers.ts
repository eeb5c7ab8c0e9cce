import { asc } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { workers } from '../schema/jobs.ts';

/** Every worker that has not said that it ended, oldest first. */
export function listWorkers(executor: Executor) {
  return executor.select().from(workers).orderBy(asc(workers.startedAt));
}
