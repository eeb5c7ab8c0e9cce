import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';

/** Failed downloads that failed alike. */
export interface FailureCluster {
  failure: string;
  count: number;
  people: number;
  firstAt: Date;
  lastAt: Date;
  /** The newest of them. */
  sample: { id: string; name: string; message: string | null };
}

type ClusterRow = {
  failure: string;
  count: number;
  people: number;
  firstAt: string;
  lastAt: string;
  id: string;
  name: string;
  message: string | null;
};

/**
 * Downloads that failed in a window and have not been retried since, by what failed; the most frequent first. Counted in
 * an index alone.
 */
export async function listFailureClusters(
  executor: Executor,
  { from, to, limit }: { from: Date; to: Date; limit: number },
): Promise<FailureCluster[]> {
  const rows = await executor.execute<ClusterRow>(sql`
    with people as materialized (
      select failure, requester_id, count(*) as count, min(finished_at) as first_at, max(finished_at) as last_at
      from ${downloads}
      where failure is not null and finished_at >= ${from.toISOString()}::timestamptz
        and finished_at < ${to.toISOString()}::timestamptz
      group by failure, requester_id
    ), clusters as (
      select failure, sum(count)::int as count, count(*)::int as people, min(first_at) as first_at, max(last_at) as last_at
      from people group by failure order by sum(count) desc, failure limit ${limit}
    )
    select c.failure, c.count, c.people, c.first_at as "firstAt", c.last_at as "lastAt", d.id, d.name, d.error ->> 'message' as message
    from clusters c cross join lateral (
      select id, name, error from ${downloads} d
      where d.failure is not null and d.finished_at = c.last_at and d.failure = c.failure order by id desc limit 1
    ) d order by c.count desc, c.failure`);
  return rows.map(({ id, name, message, firstAt, lastAt, ...cluster }) => ({
    ...cluster,
    firstAt: new Date(firstAt),
    lastAt: new Date(lastAt),
    sample: { id, name, message },
  }));
}
