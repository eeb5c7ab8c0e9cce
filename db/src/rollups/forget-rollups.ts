import { rollupKeptHours, rollupResolutions } from '@sheaf/domain/time-range';
import { and, eq, lt } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { requesterRollups, rollups } from '../schema/operations.ts';

/** Removes what is older than the dashboard shows. */
export async function forgetRollups(executor: Executor, now: Date): Promise<void> {
  const before = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
  for (const resolution of rollupResolutions) {
    const old = lt(rollups.at, before(rollupKeptHours[resolution]));
    await executor.delete(rollups).where(and(eq(rollups.resolution, resolution), old));
  }
  await executor.delete(requesterRollups).where(lt(requesterRollups.at, before(48)));
}
