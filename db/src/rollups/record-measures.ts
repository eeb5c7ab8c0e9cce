import { resolutionSeconds, rollupResolutions } from '@sheaf/domain/time-range';
import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { rollups } from '../schema/operations.ts';

/** Something that can only be recorded as it happens. */
export interface RecordedMeasure {
  measure: string;
  /** Of a histogram; 0 for everything else. */
  bucket: number;
  value: number;
}

/**
 * Adds what was counted to the minute, hour and day of `at`. Counts that are recorded twice count twice: whoever counts
 * forgets them once this has succeeded.
 */
export async function addToMeasures(executor: Executor, at: Date, measures: readonly RecordedMeasure[]): Promise<void> {
  await record(executor, at, measures, sql`${rollups}.value + excluded.value`);
}

/** Records samples: each unit keeps the highest. */
export async function recordHighest(executor: Executor, at: Date, measures: readonly RecordedMeasure[]): Promise<void> {
  await record(executor, at, measures, sql`greatest(${rollups}.value, excluded.value)`);
}

/** Records samples: each unit keeps the last. */
export async function recordLast(executor: Executor, at: Date, measures: readonly RecordedMeasure[]): Promise<void> {
  await record(executor, at, measures, sql`excluded.value`);
}

async function record(
  executor: Executor,
  at: Date,
  measures: readonly RecordedMeasure[],
  value: ReturnType<typeof sql>,
): Promise<void> {
  if (measures.length === 0) return;
  const units = rollupResolutions.map((resolution) => {
    const unitMs = resolutionSeconds[resolution] * 1_000;
    return { resolution, at: new Date(Math.floor(at.getTime() / unitMs) * unitMs) };
  });
  await executor.execute(sql`
    insert into ${rollups} (resolution, measure, at, bucket, value)
    select resolution, measure, at, bucket, value
    from jsonb_to_recordset(${JSON.stringify(units)}::jsonb) as u(resolution text, at timestamptz),
      jsonb_to_recordset(${JSON.stringify(measures)}::jsonb) as m(measure text, bucket smallint, value bigint)
    on conflict (resolution, measure, at, bucket) do update set value = ${value}`);
}
