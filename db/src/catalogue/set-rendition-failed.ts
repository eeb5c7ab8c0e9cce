import { and, eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { renditions } from '../schema/catalogue.ts';

/** A pending rendition cannot be made; `error` says why, for people. */
export async function setRenditionFailed(executor: Executor, renditionId: string, error: string): Promise<void> {
  await executor
    .update(renditions)
    .set({ state: 'failed', error })
    .where(and(eq(renditions.id, renditionId), eq(renditions.state, 'pending')));
}
