import type { OverviewJson, SeriesPointJson } from '@sheaf/contract/overview';
import type { Executor } from '@sheaf/db/database';
import { type MeasureRow, readMeasures } from '@sheaf/db/rollups/read-measures';
import { rangePlans, rangeSteps, type TimeRange } from '@sheaf/domain/time-range';
import { histogramSeconds, sumOf } from './measure-sums.ts';

const measures = [
  'requested',
  'ready',
  'failed',
  'cancelled',
  'bytes',
  'time-to-ready',
  'eta-error',
  'depth',
  'storage',
];

/** What happened in a range, step by step, with a point for every step. */
export async function activitySeries(
  executor: Executor,
  { range, now }: { range: TimeRange; now: Date },
): Promise<OverviewJson['series']> {
  const { resolution, stepSeconds } = rangePlans[range];
  const steps = rangeSteps(range, now);
  const rows = await readMeasures(executor, { resolution, measures, from: new Date(steps[0]!) });
  const byStep = Map.groupBy(rows, ({ at }) => Math.floor(at.getTime() / (stepSeconds * 1_000)) * stepSeconds * 1_000);
  return { range, stepSeconds, points: steps.map((at) => point(at, byStep.get(at) ?? [])) };
}

function point(at: number, rows: MeasureRow[]): SeriesPointJson {
  return {
    at: new Date(at).toISOString(),
    requested: sumOf(rows, 'requested'),
    ready: sumOf(rows, 'ready'),
    failed: sumOf(rows, 'failed'),
    cancelled: sumOf(rows, 'cancelled'),
    bytes: sumOf(rows, 'bytes'),
    readyP50Seconds: histogramSeconds(rows, 'time-to-ready', 0.5),
    readyP95Seconds: histogramSeconds(rows, 'time-to-ready', 0.95),
    etaErrorP50Seconds: histogramSeconds(rows, 'eta-error', 0.5),
    waiting: highest(rows, 'depth'),
    storageBytes: highest(rows, 'storage'),
  };
}

/** Of a sample; null where there is none. */
function highest(rows: readonly MeasureRow[], measure: string): number | null {
  const values = rows.filter((row) => row.measure === measure).map(({ value }) => value);
  return values.length === 0 ? null : Math.max(...values);
}
