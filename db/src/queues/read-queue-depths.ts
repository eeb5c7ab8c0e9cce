import type { QueueName } from '@sheaf/domain/queue-name';
import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';

/** How much of a queue's work is in which state, as our own tables have it. */
export interface QueueDepth {
  /** Could run now. */
  waiting: number;
  running: number;
  /** Waits for its time: a retry, a later attempt. */
  scheduled: number;
  /** Since when the oldest of what could run waits. */
  oldestAt: Date | null;
}

/** One statement; every count is answered from an index of what is open, which stays small however much has ended. */
export async function readQueueDepths(executor: Executor): Promise<Map<QueueName, QueueDepth>> {
  const rows = await executor.execute<{
    name: QueueName;
    waiting: number;
    running: number;
    scheduled: number;
    oldest: string | null;
  }>(sql`
    with later as (select job, payload ->> 'downloadId' as id from outbox where available_at > now()),
    delayed as (select job, count(*)::int as jobs from later group by job),
    gather as (
      select count(*) filter (where state in ('requested', 'queued'))::int as waiting,
        count(*) filter (where state = 'gathering')::int as running,
        min(charged_at) filter (where state in ('requested', 'queued')) as oldest
      from downloads where state in ('requested', 'queued', 'gathering')
    ),
    pack as (
      select count(*) filter (where lease_until is null)::int as waiting, count(lease_until)::int as running,
        min(charged_at) filter (where lease_until is null) as oldest
      from downloads where state = 'packing'
    ),
    render as (
      select count(distinct asset_id)::int as waiting, min(created_at) as oldest from renditions where state = 'pending' and kind = 'static'
    ),
    derive as (
      select count(*) filter (where claimed_until is null or claimed_until < now())::int as waiting,
        count(*) filter (where claimed_until >= now())::int as running,
        min(created_at) filter (where claimed_until is null or claimed_until < now()) as oldest
      from derivatives where state = 'pending'
    ),
    notify as (
      select count(*) filter (where next_attempt_at is null or next_attempt_at <= now())::int as waiting,
        count(*) filter (where next_attempt_at > now())::int as scheduled,
        min(coalesce(next_attempt_at, created_at)) filter (where next_attempt_at is null or next_attempt_at <= now()) as oldest
      from notifications where state = 'pending'
    )
    select 'gather' as name, greatest(0, waiting - scheduled) as waiting, running, scheduled, oldest::text
      from gather, lateral (select coalesce((select jobs from delayed where job = 'gather'), 0) as scheduled) as s
    union all select 'pack', greatest(0, waiting - scheduled), running, scheduled, oldest::text
      from pack, lateral (select coalesce((select jobs from delayed where job = 'pack'), 0) as scheduled) as s
    union all select 'render', waiting, 0, 0, oldest::text from render
    union all select 'derive', waiting, running, 0, oldest::text from derive
    union all select 'notify', waiting, 0, scheduled, oldest::text from notify
    union all select 'scrub', 0, (select count(*)::int from storage_care where scrub_lease_until > now()), 0, null`);
  return new Map(
    rows.map(({ name, oldest, ...depth }) => [name, { ...depth, oldestAt: oldest === null ? null : new Date(oldest) }]),
  );
}
