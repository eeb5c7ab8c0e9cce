import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';

/** What a retention means for what there is. Null for what is kept for ever. */
export interface RetentionLimits {
  bundleHours: number;
  keptMailDays: number | null;
  inboxDays: number | null;
}

export interface RetentionEffect {
  /** Ready downloads that would be over at once. */
  bundles: number;
  /** Ready downloads, the expired ones included, whose end would come earlier. */
  shortened: number;
  /** Of the stored objects of the expired ones; the files of the catalogue that they are streamed from stay. */
  bytes: number;
  /** Requesters of the expired ones. */
  people: number;
  keptMails: number;
  inboxItems: number;
}

/** What these limits would end and remove now, if they were in force. Changes nothing. */
export async function simulateRetention(
  executor: Executor,
  limits: RetentionLimits,
  now: Date,
): Promise<RetentionEffect> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const since = (days: number | null) =>
    days === null ? sql`'-infinity'::timestamptz` : sql`${at} - ${days} * interval '1 day'`;
  const [row] = await executor.execute<Record<keyof RetentionEffect, number>>(sql`
    with shortened as (
      select id, requester_id, ready_at + ${limits.bundleHours} * interval '1 hour' <= ${at} as over from downloads
      where state = 'ready' and expires_at > ${at} and expires_at > ready_at + ${limits.bundleHours} * interval '1 hour'
    )
    select (select count(*) from shortened where over)::int as bundles, (select count(*) from shortened)::int as shortened,
      (select count(distinct requester_id) from shortened where over)::int as people,
      (select coalesce(sum(case p.delivery when 'packed' then p.size else greatest(0, p.size - coalesce(b.content_size, p.size)) end), 0)
        from shortened s join bundle_parts p on p.download_id = s.id left join bundles b on b.id = p.bundle_id where s.over)::float8 as bytes,
      (select count(*) from kept_mails where created_at < ${since(limits.keptMailDays)})::int as "keptMails",
      (select count(*) from inbox_items where created_at < ${since(limits.inboxDays)})::int as "inboxItems"`);
  if (row === undefined) throw new Error('Nothing was counted.');
  return { ...row, bytes: Number(row.bytes) };
}
