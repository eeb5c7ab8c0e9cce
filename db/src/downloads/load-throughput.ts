import type { MeasuredRun, Throughput } from '@sheaf/domain/estimate-seconds';
import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';
import { workers } from '../schema/jobs.ts';
import { queueSettings } from '../schema/operations.ts';
import { aliveSeconds } from '../workers/heartbeat-worker.ts';

/** The latest that became ready within a day: what was measured before says little about now. */
const mostRuns = 50;

/** How fast downloads become ready at present. */
export async function loadThroughput(executor: Executor): Promise<Throughput> {
  const [row] = await executor.execute<{
    runs: MeasuredRun[];
    inProgress: number;
    workersAlive: number;
    isPaused: boolean;
  }>(sql`
    select
      (select coalesce(json_agg(run), '[]') from (
        select bytes_total as bytes, extract(epoch from greatest(ready_at - started_at, interval '0')) as seconds
        from (
          select bytes_total, ready_at, started_at from ${downloads}
          where ready_at > now() - interval '1 day' and state = 'ready' order by ready_at desc limit ${mostRuns}
        ) as latest
        where started_at is not null
      ) as run) as runs,
      (select count(*)::int from ${downloads} where state in ('gathering', 'packing')) as "inProgress",
      (select count(*)::int from ${workers}
        where heartbeat_at > now() - ${aliveSeconds} * interval '1 second') as "workersAlive",
      exists (select from ${queueSettings} where name = 'gather' and paused_at is not null) as "isPaused"`);
  return row!;
}
