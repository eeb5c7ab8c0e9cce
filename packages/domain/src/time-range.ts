export const timeRanges = ['15m', '1h', '6h', '24h', '7d', '30d', '90d'] as const;
export type TimeRange = (typeof timeRanges)[number];

/** How fine rollups are kept, the finest first. */
export const rollupResolutions = ['minute', 'quarter', 'hour', 'six-hours', 'day'] as const;
export type RollupResolution = (typeof rollupResolutions)[number];

export const resolutionSeconds: Readonly<Record<RollupResolution, number>> = {
  minute: 60,
  quarter: 900,
  hour: 3_600,
  'six-hours': 21_600,
  day: 86_400,
};

/** How long rollups of each resolution are kept: what the ranges need, and a little more. */
export const rollupKeptHours: Readonly<Record<RollupResolution, number>> = {
  minute: 7,
  quarter: 26,
  hour: 24 * 91,
  'six-hours': 24 * 31,
  day: 24 * 400,
};

export interface RangePlan {
  resolution: RollupResolution;
  seconds: number;
  /** Of one point in a chart, in whole rollups; 15 to 168 of them make a range. */
  stepSeconds: number;
}

const hour = 3_600;
const day = 24 * hour;

/** From which rollups a range is shown, and in what steps. Each reads some thousands of rows, whatever the downloads. */
export const rangePlans: Readonly<Record<TimeRange, RangePlan>> = {
  '15m': { resolution: 'minute', seconds: 900, stepSeconds: 60 },
  '1h': { resolution: 'minute', seconds: hour, stepSeconds: 60 },
  '6h': { resolution: 'minute', seconds: 6 * hour, stepSeconds: 300 },
  '24h': { resolution: 'quarter', seconds: day, stepSeconds: 900 },
  '7d': { resolution: 'hour', seconds: 7 * day, stepSeconds: hour },
  '30d': { resolution: 'six-hours', seconds: 30 * day, stepSeconds: 6 * hour },
  '90d': { resolution: 'day', seconds: 90 * day, stepSeconds: day },
};

/** The starts of a range's steps, oldest first, in milliseconds; the last one holds `now`. */
export function rangeSteps(range: TimeRange, now: Date): number[] {
  const { seconds, stepSeconds } = rangePlans[range];
  const stepMs = stepSeconds * 1_000;
  const last = Math.floor(now.getTime() / stepMs) * stepMs;
  const count = seconds / stepSeconds;
  return Array.from({ length: count }, (_, index) => last - (count - 1 - index) * stepMs);
}
