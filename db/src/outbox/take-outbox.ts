import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';
import { outbox } from '../schema/jobs.ts';
import { queueSettings } from '../schema/operations.ts';
import { runningPerRequester } from '../visibility/running-per-requester.ts';

export type TakenRow = Pick<typeof outbox.$inferSelect, 'id' | 'job' | 'jobId' | 'payload' | 'priority'>;

export interface TakeOptions {
  /** Most rows of each sort: new downloads, everything else. */
  batch: number;
  /**
   * Most downloads that are between the relay and their end at a time. Whatever is in the queue is handled in its
   * order, so only those that are not there yet can be taken in a fair one.
   */
  maxOpenDownloads: number;
}

/**
 * Locks the outbox rows whose turn it is, and sets their downloads from requested to queued. In a transaction, which
 * deletes the rows (`deleteOutbox`) once their jobs are added. Rows that another relay holds are left to it.
 *
 * Downloads come in fairly: the next is one of the requester who has the fewest in progress. Those of a requester who
 * has as many in progress as the configuration allows stay where they are.
 */
export async function takeOutbox(tx: Executor, options: TakeOptions): Promise<TakenRow[]> {
  const admitted = await lockRows(tx, newDownloads(options));
  const others = await lockRows(tx, everythingElse(options));
  const taken = [...admitted, ...others];
  const downloadIds = admitted.map(({ payload }) => String(payload.downloadId));
  if (downloadIds.length > 0) {
    // A worker may have gathered one meanwhile, for a job that was added before: that one is left as it is.
    await tx
      .update(downloads)
      .set({
        state: 'queued',
        queuedAt: sql`now()`,
        queuePlace: sql`extract(epoch from now()) * 1000000
          + array_position(${`{${downloadIds.join(',')}}`}::uuid[], ${downloads.id})`,
      })
      .where(and(inArray(downloads.id, downloadIds), eq(downloads.state, 'requested')));
  }
  return taken;
}

export async function deleteOutbox(tx: Executor, ids: number[]): Promise<void> {
  if (ids.length > 0) await tx.delete(outbox).where(inArray(outbox.id, ids));
}

const isNewDownload = sql`exists (
  select from ${downloads} d
  where o.job = 'gather' and d.id = (o.payload ->> 'downloadId')::uuid and d.state = 'requested'
)`;

/** What a paused queue is asked for stays here. */
const notPaused = sql`not exists (select from ${queueSettings} s where s.name = o.job and s.paused_at is not null)`;

/** A row's turn: how many downloads its requester would have in progress with it. */
function newDownloads({ batch, maxOpenDownloads }: TakeOptions) {
  return sql`
    with open as (
      select requester_id, count(*) as downloads from ${downloads}
      where state in ('queued', 'gathering', 'packing') group by requester_id
    ), waiting as (
      select o.id, row_number() over (partition by o.requester_id order by o.priority, o.id)
        + coalesce(open.downloads, 0) as turn
      from ${outbox} o left join open on open.requester_id = o.requester_id
      where o.available_at <= now() and ${notPaused} and ${isNewDownload}
    )
    select id from waiting where turn <= coalesce(${runningPerRequester}, turn) order by turn, id
    limit greatest(0, least(${batch}, ${maxOpenDownloads} - (select coalesce(sum(downloads), 0) from open)))`;
}

function everythingElse({ batch }: TakeOptions) {
  return sql`
    with waiting as (
      select o.id, o.priority, row_number() over (partition by o.requester_id order by o.priority, o.id) as turn
      from ${outbox} o
      where o.available_at <= now() and ${notPaused} and not ${isNewDownload}
    )
    select id from waiting order by priority, turn, id limit ${batch}`;
}

async function lockRows(tx: Executor, ids: ReturnType<typeof sql>): Promise<TakenRow[]> {
  // Chosen first and locked second: PostgreSQL does not lock rows that a window function numbered.
  const chosen = (await tx.execute<{ id: string }>(ids)).map(({ id }) => Number(id));
  if (chosen.length === 0) return [];
  const locked = await tx
    .select({
      id: outbox.id,
      job: outbox.job,
      jobId: outbox.jobId,
      payload: outbox.payload,
      priority: outbox.priority,
    })
    .from(outbox)
    .where(inArray(outbox.id, chosen))
    .orderBy(asc(outbox.id))
    .for('update', { skipLocked: true });
  const byId = new Map(locked.map((row) => [row.id, row]));
  return chosen.flatMap((id) => byId.get(id) ?? []);
}
