import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';
import { runningPerRequester } from '../visibility/running-per-requester.ts';

export interface QueuePlace {
  /** From 1 among all that wait for a worker. */
  position: number;
  /** Bytes of what comes before it. */
  bytesAhead: number;
  /** Those of its own requester before it, with those in progress; null where it need not wait for them. */
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
    turn: number;
    ownBytesAhead: string;
    atOnce: number | null;
  }>(sql`
    with open as (
      select requester_id, count(*) as downloads, sum(bytes_total - bytes_done) as bytes_left
      from ${downloads} where state in ('queued', 'gathering', 'packing') group by requester_id
    ), waiting as (
      select id, bytes_total, 0 as turn, 0 as own_bytes_ahead, queue_place, charged_at
      from ${downloads} where state = 'queued'
      union all
      select d.id, d.bytes_total,
        row_number() over own + coalesce(open.downloads, 0),
        sum(d.bytes_total) over own - d.bytes_total + coalesce(open.bytes_left, 0),
        null, d.charged_at
      from ${downloads} d left join open on open.requester_id = d.requester_id
      where d.state = 'requested'
      window own as (partition by d.requester_id order by d.charged_at, d.id rows unbounded preceding)
    ), placed as (
      select id, turn, own_bytes_ahead,
        row_number() over in_order as position, sum(bytes_total) over in_order - bytes_total as bytes_ahead
      from waiting
      window in_order as (order by turn, queue_place nulls last, charged_at, id rows unbounded preceding)
    )
    select id, position::int, bytes_ahead as "bytesAhead", turn::int, own_bytes_ahead as "ownBytesAhead",
      ${runningPerRequester} as "atOnce"
    from placed where id = any(${`{${ids.join(',')}}`}::uuid[])`);
  return new Map(
    rows.map(({ id, position, bytesAhead, turn, ownBytesAhead, atOnce }) => [
      id,
      {
        position,
        bytesAhead: Number(bytesAhead),
        // What is in the queue has been let in.
        own: atOnce === null || turn === 0 ? null : { downloads: turn - 1, bytes: Number(ownBytesAhead), atOnce },
        waitsForOwn: atOnce !== null && turn > atOnce,
      },
    ]),
  );
}
