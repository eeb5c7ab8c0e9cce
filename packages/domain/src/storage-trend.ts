export interface StorageSample {
  at: Date;
  usedBytes: number;
}

const dayMs = 86_400_000;
/** Of less time than this no trend is read. */
const shortestMs = 3_600_000;

/** How fast storage grows: the slope of the line that fits the samples best, in bytes a day. Null of too few of them. */
export function growthPerDay(samples: readonly StorageSample[]): number | null {
  const first = samples[0]?.at.getTime() ?? 0;
  const points = samples.map(({ at, usedBytes }) => ({ x: (at.getTime() - first) / dayMs, y: usedBytes }));
  const span = Math.max(0, ...points.map(({ x }) => x)) - Math.min(0, ...points.map(({ x }) => x));
  if (points.length < 2 || span * dayMs < shortestMs) return null;
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(points.map((point) => point.x));
  const y = mean(points.map((point) => point.y));
  const covariance = mean(points.map((point) => (point.x - x) * (point.y - y)));
  return covariance / mean(points.map((point) => (point.x - x) ** 2));
}

/** Null where it never is: nothing grows, or nobody knows how much room there is. */
export function daysUntilFull(growth: number | null, freeBytes: number | null): number | null {
  if (growth === null || freeBytes === null || growth <= 0) return null;
  return freeBytes / growth;
}
