import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';
import { runningPerRequester } from '../visibility/running-per-requester.ts';

export interface QueuePlace {
  /** From 1 among all that wait for a worker. */
  position: number;
  /** Bytes of what comes before it. */
  bytesAhead: number;
  /** Those of its own requester that come before it, with those that workers are at; null where any number may run. */
  own: { downloads: number; bytes: number; atOnce: number } | null;
  /** Whether it begins only once another one of its requester's has ended. */
  waitsForOwn: boolean;
}

/**
 * Places of downloads that wait, in the order in which workers would take them if nothing else came: first those that the
 * queue has, as the relay gave them to it, then the others as the relay would take them, in turn between requesters
 * (`takeOutbox`): that order is the same where a requester may have no more than so many in progress, since whatever is
 * held back has a later turn than whatever is not. Reads all that waits, and of what has begun only what is counted.
 */
export async function loadQueuePlaces(executor: Executor, ids: string[]): Promise<Map<string, QueuePlace>> {
  if (ids.length === 0) return new Map();
  const rows = await executor.execute<{
    id: string;
    position: number;
    bytesAhead: string;
    ownAhead: number;
    ownBytesAhead: string;
    atOnce: number | null;
    turn: number;
  }>(sql`
    with open as (
      select requester_id, count(*) as downloads, count(*) filter (where state <> 'queued') as begun,
        coalesce(sum(bytes_total - bytes_done) filter (where state <> 'queued'), 0) as begun_bytes
      from ${downloads} where state in ('queued', 'gathering', 'packing') group by requester_id
    ), waiting as (
      select id, requester_id, bytes_total, 0 as turn, queue_place, charged_at from ${downloads} where state = 'queued'
      union all
      select d.id, d.requester_id, d.bytes_total,
        row_number() over (partition by d.requester_id order by d.charged_at, d.id) + coalesce(open.downloads, 0),
        null, d.charged_at
      from ${downloads} d left join open on open.requester_id = d.requester_id
      where d.state = 'requested'
    ), placed as (
      select id, requester_id, turn,
        row_number() over in_order as position, sum(bytes_total) over in_order - bytes_total as bytes_ahead,
        row_number() over of_own - 1 as own_ahead, sum(bytes_total) over of_own - bytes_total as own_bytes_ahead
      from waiting
      window in_order as (order by turn, queue_place nulls last, charged_at, id rows unbounded preceding),
        of_own as (
          partition by requester_id order by turn, queue_place nulls last, charged_at, id rows unbounded preceding
        )
    )
    select id, position::int, bytes_ahead as "bytesAhead", turn::int,
      (own_ahead + coalesce(open.begun, 0))::int as "ownAhead",
      own_bytes_ahead + coalesce(open.begun_bytes, 0) as "ownBytesAhead",
      ${runningPerRequester} as "atOnce"
    from placed left join open on open.requester_id = placed.requester_id
    where id = any(${`{${ids.join(',')}}`}::uuid[])`);
  return new Map(
    rows.map(({ id, position, bytesAhead, ownAhead, ownBytesAhead, atOnce, turn }) => [
      id,
      {
        position,
        bytesAhead: Number(bytesAhead),
        own: atOnce === null ? null : { downloads: ownAhead, bytes: Number(ownBytesAhead), atOnce },
        waitsForOwn: atOnce !== null && turn > atOnce,
      },
    ]),
  );
}
