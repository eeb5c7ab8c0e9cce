import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { runningPerRequester } from '../visibility/running-per-requester.ts';
import { aliveSeconds } from '../workers/heartbeat-worker.ts';

/** Something that is still to be done. In an installation at rest there is nothing. */
export interface Unsettled {
  kind: UnsettledKind;
  /** Of the download, the outbox row's job, or the notification. */
  id: string;
  /** For people. */
  detail: string;
  /** Since when it could have been done, or from when on. */
  dueAt: Date;
  /** Null where nobody is at it and nothing holds it back: once that has lasted, it will not be done. */
  waitsFor: Wait | null;
}

/**
 * - `download`: accepted, and not in a final state; while a worker holds it, due when that one's lease runs out.
 * - `job`: asked for, and not in the queue yet.
 * - `notification`: neither delivered nor given up.
 */
export type UnsettledKind = 'download' | 'job' | 'notification';

/**
 * - `worker`: one has it at this moment.
 * - `time`: another attempt has its time.
 * - `pause`: its queue is paused.
 * - `limit`: its requester has as many downloads in progress as are allowed.
 * - `turn`: workers are busy with others that are not behind it.
 */
export type Wait = 'worker' | 'time' | 'pause' | 'limit' | 'turn';

/** What could have been done for so long will not be. One that was admitted later and begun so long ago passed it over. */
export const overdueSeconds = 15 * 60;

/**
 * All that is still to be done, at most `limit`: first what waits for nothing, the longest due first. One statement: all of it
 * is of one moment. Reads every download where one has no worker.
 */
export async function findUnsettled(executor: Executor, { limit }: { limit: number }): Promise<Unsettled[]> {
  const rows = await executor.execute<
    Omit<Unsettled, 'dueAt' | 'waitsFor'> & { due_at: string; waits_for: Wait | null }
  >(sql`
    with later as (
      select payload ->> 'downloadId' as id, max(available_at) as at from outbox where available_at > now() group by 1
    ), paused as (
      select name from queue_settings where paused_at is not null
    ), busy as (
      select job ->> 'queue' as name from workers, jsonb_array_elements(jobs) as job
      where heartbeat_at > now() - ${aliveSeconds} * interval '1 second'
    ), running as (
      select requester_id, count(*) as downloads from downloads
      where state in ('queued', 'gathering', 'packing') group by requester_id
    ), begun as (
      select coalesce(max(step_started_at) > now() - ${aliveSeconds} * interval '1 second', false) as lately,
        max(queue_place) filter (where step_started_at < now() - ${overdueSeconds} * interval '1 second') as place
      from downloads where exists (
        select from downloads where state in ('requested', 'queued', 'gathering', 'packing') and lease_until is null)
    ), open as (
      select d.id, d.state, d.worker_id,
        coalesce(d.lease_until, later.at, greatest(d.charged_at,
          (select max(ended_at) from download_steps s where s.download_id = d.id))) as due_at,
        case
          when d.lease_until is not null then case when d.lease_until > now() then 'worker' end
          when later.at is not null then 'time'
          when step.queue in (select name from paused) then 'pause'
          when d.state = 'requested' and running.downloads >= ${runningPerRequester} then 'limit'
          -- 0 is what a lost worker had, and was never in that order.
          when d.state = 'queued' and d.queue_place > 0 and d.queue_place < begun.place then null
          -- Whoever gathers a download may pack it as well.
          when begun.lately or exists (select from busy where name in ('gather', 'pack')) then 'turn'
        end as waits_for
      from downloads d cross join begun
        cross join lateral (select case when d.state = 'packing' then 'pack' else 'gather' end as queue) as step
        left join later on later.id = d.id::text left join running on running.requester_id = d.requester_id
      where d.state in ('requested', 'queued', 'gathering', 'packing')
    ), unsettled as (
      select 'download' as kind, id::text, state || coalesce(', held by ' || worker_id, '') as detail, due_at, waits_for
      from open
      union all
      select 'job', o.job_id, o.job, o.available_at, case
          when o.available_at > now() then 'time'
          when o.job in (select name from paused) then 'pause'
          when o.job = 'gather' and open.state = 'requested' then open.waits_for
        end
      from outbox o left join open on open.id::text = o.payload ->> 'downloadId'
      union all
      select 'notification', id::text, event || ' by ' || channel || ', ' || attempts || ' attempts',
        coalesce(next_attempt_at, created_at), case
          when next_attempt_at > now() then 'time'
          when 'notify' in (select name from paused) then 'pause'
          when 'notify' in (select name from busy) then 'turn'
        end
      from notifications where state = 'pending'
    )
    select kind, id, detail, due_at, waits_for from unsettled
    order by waits_for is not null, due_at, kind, id limit ${limit}`);
  return rows.map(({ due_at: dueAt, waits_for: waitsFor, ...row }) => ({ ...row, waitsFor, dueAt: new Date(dueAt) }));
}
