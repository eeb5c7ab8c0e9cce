import { type DownloadState, downloadStates } from '@sheaf/domain/download-state';
import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';
import { outbox, workers } from '../schema/jobs.ts';
import { notifications } from '../schema/notifications.ts';
import { aliveSeconds } from '../workers/heartbeat-worker.ts';

/** How much there is of what an operator watches; counts only. */
export interface Metrics {
  /** Every state, those without a download too. */
  downloads: Record<DownloadState, number>;
  outboxRows: number;
  pendingNotifications: number;
  aliveWorkers: number;
}

/** One statement; each count is answered from an index or a small table. */
export async function readMetrics(executor: Executor): Promise<Metrics> {
  const rows = await executor.execute<{ fact: string; state: DownloadState | null; count: number }>(sql`
    select 'downloads' as fact, ${downloads.state} as state, count(*)::int as count from ${downloads} group by 2
    union all select 'outboxRows', null, count(*)::int from ${outbox}
    union all select 'pendingNotifications', null, count(*)::int from ${notifications}
      where ${notifications.state} = 'pending'
    union all select 'aliveWorkers', null, count(*)::int from ${workers}
      where ${workers.heartbeatAt} > now() - ${aliveSeconds} * interval '1 second'`);
  const count = (fact: keyof Metrics, state: DownloadState | null = null) =>
    rows.find((row) => row.fact === fact && row.state === state)?.count ?? 0;
  return {
    downloads: Object.fromEntries(
      downloadStates.map((state) => [state, count('downloads', state)]),
    ) as Metrics['downloads'],
    outboxRows: count('outboxRows'),
    pendingNotifications: count('pendingNotifications'),
    aliveWorkers: count('aliveWorkers'),
  };
}
