import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';

/** Everything that was committed by some point, exactly: PostgreSQL's `pg_snapshot` as text. */
export type ChangePoint = string;

export interface DownloadChanges {
  /** Where the next call goes on. */
  point: ChangePoint;
  /** Whoever has seen all of this and of earlier calls has seen every change of earlier transactions than this one. */
  cursor: string;
  /** Which downloads have changed since: at most `limit`, and one more where there are others. */
  changed: { id: string; requesterId: string }[];
}

/**
 * What was committed since a point, each change once, in whatever order transactions ended. Null for the beginning: then
 * nothing has changed. Transactions that this server has yet to begin are left out: a restore brings some.
 */
export async function readDownloadChanges(
  executor: Executor,
  { since, limit }: { since: ChangePoint | null; limit: number },
): Promise<DownloadChanges> {
  const rows = await executor.execute<{ point: string; cursor: string; id: string | null; requesterId: string }>(sql`
    select pg_current_snapshot()::text as point, pg_snapshot_xmin(pg_current_snapshot())::text as cursor,
      changed.id, changed.requester_id as "requesterId"
    from (select ${since}::pg_snapshot as since) as asked
    left join lateral (
      select id, requester_id from ${downloads}
      where changed_in >= pg_snapshot_xmin(asked.since)
        and changed_in < pg_snapshot_xmax(pg_current_snapshot())
        and not pg_visible_in_snapshot(changed_in, asked.since)
      order by changed_in limit ${limit + 1}
    ) as changed on true`);
  return {
    point: rows[0]!.point,
    cursor: rows[0]!.cursor,
    changed: rows.flatMap(({ id, requesterId }) => (id === null ? [] : [{ id, requesterId }])),
  };
}

/** Transactions since a cursor that are looked through; whoever was away for longer reads the list anew. */
const farthest = 100_000n;

/**
 * One requester's downloads with a change in the cursor's transaction or a later one, the ids only; null where there are
 * more than `limit`, where it is too long ago, or where the cursor is none of this server.
 */
export async function readChangesSinceCursor(
  executor: Executor,
  { cursor, requesterId, limit }: { cursor: string; requesterId: string; limit: number },
): Promise<string[] | null> {
  const [now] = await executor.execute<{ cursor: string }>(
    sql`select pg_snapshot_xmin(pg_current_snapshot())::text as cursor`,
  );
  const distance = BigInt(now!.cursor) - BigInt(cursor);
  if (distance < 0n || distance > farthest) return null;
  const rows = await executor.execute<{ id: string }>(sql`
    select id from ${downloads}
    where changed_in >= ${cursor}::xid8 and changed_in < pg_snapshot_xmax(pg_current_snapshot())
      and requester_id = ${requesterId}
    limit ${limit + 1}`);
  return rows.length > limit ? null : rows.map(({ id }) => id);
}
