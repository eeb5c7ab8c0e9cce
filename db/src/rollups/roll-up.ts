import { type RollupResolution, resolutionSeconds, rollupKeptHours } from '@sheaf/domain/time-range';
import { eq, min, sql } from 'drizzle-orm';
import type { Database, Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';
import { rollupProgress } from '../schema/operations.ts';
import { addUpHours, rollUpDownloads, rollUpRequesters } from './roll-up-downloads.ts';

/** Any number: whoever counts holds it. */
const lockKey = 7_434_325;

const hourMs = 3_600_000;
/** What is committed may be dated a little before it is seen. */
const lateMs = 2 * 60_000;
const requestersKeptMs = 48 * hourMs;
/** Spans counted in one transaction: after a long downtime nothing waits for all of it. */
const unitsAtOnce: Readonly<Record<RollupResolution, number>> = {
  minute: 240,
  quarter: 96,
  hour: 24 * 7,
  'six-hours': 4 * 31,
  day: 91,
};

/**
 * Counts what happened since the last time, up to the minute, hour or day under way, which is counted again the next
 * time. Goes on from where it stopped after a downtime, and from the first download at first. Does nothing while somebody
 * else counts. Longer units than hours are added up from these: hours come first.
 */
export async function rollUp(
  db: Pick<Database, 'transaction'>,
  resolution: RollupResolution,
  { now, signal }: { now: Date; signal?: AbortSignal },
): Promise<void> {
  for (;;) {
    signal?.throwIfAborted();
    const done = await db.transaction((tx) => rollUpNext(tx, resolution, now));
    if (done) return;
  }
}

async function rollUpNext(tx: Executor, resolution: RollupResolution, now: Date): Promise<boolean> {
  const [lock] = await tx.execute<{ held: boolean }>(sql`select pg_try_advisory_xact_lock(${lockKey}) as held`);
  if (!lock?.held) return true;
  const unitMs = resolutionSeconds[resolution] * 1_000;
  const startOf = (time: number) => Math.floor(time / unitMs) * unitMs;
  const end = startOf(now.getTime()) + unitMs;
  const from = Math.max(
    startOf(await countedThrough(tx, resolution, now)),
    startOf(now.getTime() - rollupKeptHours[resolution] * hourMs),
  );
  const to = Math.min(end, from + unitsAtOnce[resolution] * unitMs);
  if (from < to) {
    const span = { from: new Date(from), to: new Date(to) };
    if (resolution === 'six-hours' || resolution === 'day') await addUpHours(tx, resolution, span);
    else await rollUpDownloads(tx, resolution, span);
    const requestersFrom = Math.max(from, startOf(now.getTime() - requestersKeptMs));
    if (resolution === 'hour' && requestersFrom < to)
      await rollUpRequesters(tx, { ...span, from: new Date(requestersFrom) });
  }
  const through = new Date(to >= end ? now.getTime() - lateMs : to);
  await tx
    .insert(rollupProgress)
    .values({ resolution, through })
    .onConflictDoUpdate({ target: rollupProgress.resolution, set: { through } });
  return to >= end;
}

/** In milliseconds; where nothing was counted yet, when the first download was requested. */
async function countedThrough(tx: Executor, resolution: RollupResolution, now: Date): Promise<number> {
  const [progress] = await tx.select().from(rollupProgress).where(eq(rollupProgress.resolution, resolution));
  if (progress) return Math.min(progress.through.getTime(), now.getTime());
  const [first] = await tx.select({ at: min(downloads.createdAt) }).from(downloads);
  return first?.at?.getTime() ?? now.getTime();
}
