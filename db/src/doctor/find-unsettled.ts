import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';

/** Something that is still to be done. In an installation at rest there is nothing. */
export interface Unsettled {
  kind: UnsettledKind;
  /** Of the download, the outbox row's job, or the notification. */
  id: string;
  /** For people. */
  detail: string;
  /** Since when it could have been done: what waits for its time is not overdue. */
  dueAt: Date;
}

/**
 * - `download`: accepted, and not in a final state; while a worker holds it, due when that one's lease runs out.
 * - `job`: asked for, and not in the queue yet.
 * - `notification`: neither delivered nor given up.
 */
export type UnsettledKind = 'download' | 'job' | 'notification';

/** All that is still to be done, the longest due first, at most `limit`. One statement: all of it is of one moment. */
export async function findUnsettled(executor: Executor, { limit }: { limit: number }): Promise<Unsettled[]> {
  const rows = await executor.execute<{ kind: UnsettledKind; id: string; detail: string; due_at: string }>(sql`
    select kind, id, detail, due_at from (
      select 'download' as kind, id::text, state || coalesce(', held by ' || worker_id, '') as detail,
        coalesce(lease_until, charged_at) as due_at
      from downloads where state in ('requested', 'queued', 'gathering', 'packing')
      union all
      select 'job', job_id, job, available_at from outbox
      union all
      select 'notification', id::text, event || ' by ' || channel || ', ' || attempts || ' attempts',
        coalesce(next_attempt_at, created_at)
      from notifications where state = 'pending'
    ) unsettled
    order by due_at, kind, id limit ${limit}`);
  return rows.map(({ due_at: dueAt, ...row }) => ({ ...row, dueAt: new Date(dueAt) }));
}
