import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { aliveSeconds, shownSeconds } from '../workers/heartbeat-worker.ts';

/** Workers that gave a sign of life lately, and those that fell silent without saying that they ended. */
export async function countWorkers(executor: Executor): Promise<{ alive: number; stale: number }> {
  const [row] = await executor.execute<{ alive: number; stale: number }>(sql`
    select count(*) filter (where alive)::int as alive, count(*) filter (where not alive)::int as stale
    from (select heartbeat_at > now() - ${aliveSeconds} * interval '1 second' as alive from workers
      where heartbeat_at > now() - ${shownSeconds} * interval '1 second') as w`);
  return row ?? { alive: 0, stale: 0 };
}
