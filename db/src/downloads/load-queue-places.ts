import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';

export interface QueuePlace {
  /** From 1 among all that wait for a worker. */
  position: number;
  /** Bytes of what comes before it. */
  bytesAhead: number;
}

/**
 * Places of downloads that wait, in the order in which workers would take them if nothing else came: first those that the
 * queue has, as the relay gave them to it, then the others as the relay would take them, in turn between requesters
 * (`takeOutbox`). Reads all that waits, and nothing that has begun or ended.
 */
export async function loadQueuePlaces(executor: Executor, ids: string[]): Promise<Map<string, QueuePlace>> {
  if (ids.length === 0) return new Map();
  const rows = await executor.execute<{ id: string; position: number; bytesAhead: string }>(sql`
    with open as (
      select requester_id, count(*) as downloads from ${downloads}
      where state in ('queued', 'gathering', 'packing') group by requester_id
    ), waiting as (
      select id, bytes_total, 0 as turn, queue_place, charged_at from ${downloads} where state = 'queued'
      union all
      select d.id, d.bytes_total,
        row_number() over (partition by d.requester_id order by d.charged_at, d.id) + coalesce(open.downloads, 0),
        null, d.charged_at
      from ${downloads} d left join open on open.requester_id = d.requester_id
      where d.state = 'requested'
    ), placed as (
      select id, row_number() over in_order as position, sum(bytes_total) over in_order - bytes_total as bytes_ahead
      from waiting
      window in_order as (order by turn, queue_place nulls last, charged_at, id rows unbounded preceding)
    )
    select id, position::int, bytes_ahead as "bytesAhead" from placed
    where id = any(${`{${ids.join(',')}}`}::uuid[])`);
  return new Map(rows.map(({ id, position, bytesAhead }) => [id, { position, bytesAhead: Number(bytesAhead) }]));
}
