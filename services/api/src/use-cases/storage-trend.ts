import type { Executor } from '@sheaf/db/database';
import { readMeasures } from '@sheaf/db/rollups/read-measures';
import type { StorageFacts } from '@sheaf/db/schema/operations';
import { findStorageFacts } from '@sheaf/db/storage/find-storage-facts';
import { usedBytes } from '@sheaf/db/storage/measure-storage';
import { daysUntilFull, growthPerDay } from '@sheaf/domain/storage-trend';

export interface StorageTrend {
  facts: StorageFacts | null;
  measuredAt: Date | null;
  usedBytes: number;
  growthBytesPerDay: number | null;
  daysUntilFull: number | null;
}

const weekMs = 7 * 86_400_000;

/** What was measured last, and where the last week leads. */
export async function readStorageTrend(executor: Executor, now: Date): Promise<StorageTrend> {
  const from = new Date(now.getTime() - weekMs);
  const [found, samples] = await Promise.all([
    findStorageFacts(executor),
    readMeasures(executor, { resolution: 'hour', measures: ['storage'], from }),
  ]);
  const growth = growthPerDay(samples.map(({ at, value }) => ({ at, usedBytes: value })));
  return {
    facts: found?.facts ?? null,
    measuredAt: found?.measuredAt ?? null,
    usedBytes: found === null ? 0 : usedBytes(found.facts),
    growthBytesPerDay: growth,
    daysUntilFull: daysUntilFull(growth, found?.facts.disk?.freeBytes ?? null),
  };
}
