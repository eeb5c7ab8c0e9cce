import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';

/** Two records that contradict each other, which no crash may leave behind. */
export interface Gap {
  kind: GapKind;
  downloadId: string;
  /** Of the download at that moment: whoever mends it must find it so. Null where only the audit log knows the download. */
  epoch: number | null;
  /** For people: what was found in numbers and names. */
  detail: string;
}

/**
 * - `items.incomplete`: not one outcome for each requested asset.
 * - `lease.misplaced`: a worker holds a download on which there is nothing to do.
 * - `bundle.incomplete`: ready without its archives, numbered from 1.
 * - `bundle.unpublished`: archives of a download that never became ready.
 * - `bundle.unrecorded`, `bundle.twice`: the audit log knows no publication, or more than were asked for.
 * - `link.missing`: ready without the link that was made with it.
 * - `notification.missing`: ended, and its requester's inbox was not to be told.
 * - `notification.twice`: the same event for the same recipient over the same channel.
 * - `notification.unkept`: told to have been put into the inbox, and not there.
 */
export type GapKind =
  | 'items.incomplete'
  | 'lease.misplaced'
  | 'bundle.incomplete'
  | 'bundle.unpublished'
  | 'bundle.unrecorded'
  | 'bundle.twice'
  | 'link.missing'
  | 'notification.missing'
  | 'notification.twice'
  | 'notification.unkept';

/**
 * Every gap between requests, bundles, links, the audit log and notifications, at most `limit`. One statement, so that all
 * of it is of one moment: also beside running workers there must never be any. Reads every download.
 */
export async function findGaps(executor: Executor, { limit }: { limit: number }): Promise<Gap[]> {
  const rows = await executor.execute<{ kind: GapKind; download_id: string; epoch: number | null; detail: string }>(sql`
    with items as (
      select download_id, count(*) as items from download_items group by download_id
    ), parts as (
      select download_id, count(*) as parts, min(number) as first, max(number) as last
      from bundle_parts group by download_id
    ), events as (
      select download_id, count(*) filter (where action = 'download.ready') as published,
        count(*) filter (where action = 'download.retried') as retried
      from audit_events where action in ('download.ready', 'download.retried') group by download_id
    ), gaps as (
      select 'items.incomplete' as kind, d.id as download_id,
        (d.included + d.excluded) || ' assets, ' || coalesce(i.items, 0) || ' outcomes' as detail
      from downloads d left join items i on i.download_id = d.id
      where d.included + d.excluded <> coalesce(i.items, 0)
      union all
      select 'lease.misplaced', id, state || ', held by ' || coalesce(worker_id, 'nobody') from downloads
      where lease_until is not null and state not in ('gathering', 'packing')
      union all
      select 'bundle.incomplete', d.id, coalesce(p.parts, 0) || ' archives, the last is number ' || coalesce(p.last, 0)
      from downloads d left join parts p on p.download_id = d.id
      where d.state = 'ready' and (p.parts is null or p.first <> 1 or p.last <> p.parts)
      union all
      select 'bundle.unpublished', d.id, d.state || ', ' || p.parts || ' archives'
      from downloads d join parts p on p.download_id = d.id
      where d.state in ('requested', 'queued', 'gathering', 'packing', 'failed', 'cancelled')
      union all
      select 'bundle.unrecorded', d.id, d.state from downloads d left join events e on e.download_id = d.id
      where d.state = 'ready' and coalesce(e.published, 0) = 0
      union all
      select 'bundle.twice', download_id, published || ' publications, ' || retried || ' retries'
      from events where published > 1 + retried
      union all
      select 'link.missing', d.id, 'ready' from downloads d
      where d.state = 'ready'
        and not exists (select from links l where l.download_id = d.id)
      union all
      select 'notification.missing', d.id, 'download.' || d.state from downloads d
      where d.state in ('ready', 'failed', 'cancelled') and not exists (
        select from notifications n where n.download_id = d.id and n.epoch = d.epoch
          and n.channel = 'inbox' and n.event = 'download.' || d.state)
      union all
      select 'notification.twice', download_id, event || ' by ' || channel || ', ' || count(*) || ' times'
      from notifications where download_id is not null
      group by download_id, event, epoch, channel, lower(recipient) having count(*) > 1
      union all
      -- Older ones may have been forgotten.
      select 'notification.unkept', n.download_id, n.event from notifications n
      where n.download_id is not null and n.channel = 'inbox' and n.state = 'delivered' and n.delivered_at > now() - interval '1 day'
        and not exists (select from inbox_items i where i.notification_id = n.id)
    )
    select gaps.kind, gaps.download_id, d.epoch, gaps.detail from gaps left join downloads d on d.id = gaps.download_id
    order by kind, download_id limit ${limit}`);
  return rows.map(({ download_id: downloadId, ...gap }) => ({ ...gap, downloadId }));
}
