import type { RollupResolution } from '@sheaf/domain/time-range';
import { and, eq, gte, inArray } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { rollups } from '../schema/operations.ts';

export interface MeasuresQuestion {
  resolution: RollupResolution;
  measures: readonly string[];
  from: Date;
}

export type MeasureRow = Pick<typeof rollups.$inferSelect, 'measure' | 'at' | 'bucket' | 'value'>;

/** What was counted and recorded since `from`. Bounded by the units since then, whatever the downloads. */
export async function readMeasures(
  executor: Executor,
  { resolution, measures, from }: MeasuresQuestion,
): Promise<MeasureRow[]> {
  return executor
    .select({ measure: rollups.measure, at: rollups.at, bucket: rollups.bucket, value: rollups.value })
    .from(rollups)
    .where(and(eq(rollups.resolution, resolution), inArray(rollups.measure, [...measures]), gte(rollups.at, from)));
}
