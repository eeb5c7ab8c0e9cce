import { and, desc, eq, gte, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';

export interface FailureCount {
  code: string;
  count: number;
}

/** Downloads that failed since then and were not retried, by code, the most frequent first. */
export async function countFailures(executor: Executor, since: Date): Promise<FailureCount[]> {
  const code = sql<string>`coalesce(${downloads.error} ->> 'code', 'internal')`;
  return executor
    .select({ code, count: sql<number>`count(*)::int` })
    .from(downloads)
    .where(and(eq(downloads.state, 'failed'), gte(downloads.finishedAt, since)))
    .groupBy(code)
    .orderBy(desc(sql`count(*)`), code)
    .limit(10);
}
