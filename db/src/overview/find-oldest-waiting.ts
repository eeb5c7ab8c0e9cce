import { asc, inArray } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';

export interface OldestWaiting {
  id: string;
  name: string;
  /** Since when it was last asked for. */
  since: Date;
}

/** The download that has waited longest for a worker; null where none waits. */
export async function findOldestWaiting(executor: Executor): Promise<OldestWaiting | null> {
  const [row] = await executor
    .select({ id: downloads.id, name: downloads.name, since: downloads.chargedAt })
    .from(downloads)
    .where(inArray(downloads.state, ['requested', 'queued']))
    .orderBy(asc(downloads.chargedAt))
    .limit(1);
  return row ?? null;
}
