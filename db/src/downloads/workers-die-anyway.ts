import { poisonCode } from '@sheaf/domain/is-quarantined';
import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloadSteps, downloads } from '../schema/downloads.ts';
import { workers } from '../schema/jobs.ts';
import { mostCrashes } from './claim-download.ts';

/** A worker says every few seconds that it is alive; one that was silent for so long is taken for dead. */
const silentSeconds = 15;

/** Before the download's own first loss: how far back the deaths of others say that workers die anyway. */
const lookBackSeconds = 600;

/**
 * Whether more workers died without this download than with it, from ten minutes before it lost its first one on: then it is
 * hardly the download that kills them. Of its own losses, those that count as crashes: not what was before an administrator
 * released it. Of others, those that `workers` still knows, which is for a day; none that this download had ever, and none that
 * one in quarantine accounts for, but for one that was tried until its last: it had been thought to be innocent.
 */
export async function workersDieAnyway(executor: Executor, downloadId: string): Promise<boolean> {
  const [row] = await executor.execute<{ anyway: boolean }>(sql`
    with lost as (
      select s.worker_id, s.started_at from ${downloadSteps} s join ${downloads} d on d.id = s.download_id
      where d.id = ${downloadId} and s.outcome = 'lost' and s.epoch = any(d.crash_epochs)
    )
    select count(*) > (select count(distinct worker_id) from lost) as anyway from ${workers} w
    where w.heartbeat_at >= (select min(started_at) from lost) - ${lookBackSeconds} * interval '1 second'
      and w.heartbeat_at < now() - ${silentSeconds} * interval '1 second'
      and w.id not in (select worker_id from ${downloadSteps} where download_id = ${downloadId} and outcome = 'lost')
      and w.id not in (
        select s.worker_id from ${downloads} d join ${downloadSteps} s on s.download_id = d.id
        where d.error ->> 'code' = ${poisonCode} and d.crashes < ${mostCrashes}
          and s.outcome = 'lost' and s.epoch = any(d.crash_epochs)
      )`);
  return row!.anyway;
}
