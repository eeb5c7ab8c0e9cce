/** Buckets of durations: two for each doubling, from one millisecond to about ten days. */
export const bucketCount = 60;

/** How many durations fell into each bucket. */
export type Histogram = ReadonlyMap<number, number>;

/** The bucket of a duration in milliseconds. `bucketOf` in `roll-up-downloads.ts` says the same in SQL. */
export function bucketOf(milliseconds: number): number {
  const bucket = Math.floor((2 * Math.log(Math.max(1, milliseconds))) / Math.log(2));
  return Math.min(bucketCount - 1, bucket);
}

/**
 * The duration in milliseconds that this share (0 to 1) of all did not exceed; null of none. Within a bucket durations
 * are taken to be spread evenly, so that the answer is at most a factor of 1.42 off.
 */
export function percentileOf(histogram: Histogram, share: number): number | null {
  const buckets = [...histogram].filter(([, count]) => count > 0).sort(([a], [b]) => a - b);
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return null;
  const wanted = share * total;
  let below = 0;
  for (const [bucket, count] of buckets) {
    if (below + count >= wanted) return edge(bucket + (wanted - below) / count);
    below += count;
  }
  return edge(buckets.at(-1)![0] + 1);
}

function edge(bucket: number): number {
  return 2 ** (bucket / 2);
}
