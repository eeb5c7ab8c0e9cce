import type { MeasureRow } from '@sheaf/db/rollups/read-measures';
import { percentileOf } from '@sheaf/domain/histogram';

type Row = Pick<MeasureRow, 'measure' | 'bucket' | 'value'>;

export function sumOf(rows: readonly Row[], measure: string): number {
  return rows.reduce((sum, row) => (row.measure === measure ? sum + row.value : sum), 0);
}

/** The duration in seconds that this share of all did not exceed; null of none. */
export function histogramSeconds(rows: readonly Row[], measure: string, share: number): number | null {
  const buckets = new Map<number, number>();
  for (const row of rows) {
    if (row.measure === measure) buckets.set(row.bucket, (buckets.get(row.bucket) ?? 0) + row.value);
  }
  const milliseconds = percentileOf(buckets, share);
  return milliseconds === null ? null : Math.round(milliseconds) / 1_000;
}
