import { and, eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { renditions } from '../schema/catalogue.ts';

/**
 * A pending rendition cannot be made; `error` says why, for people. Where that is because the original's bytes cannot
 * be had, it is asked for again once they can: see `reopenRenditions`.
 */
export async function setRenditionFailed(
  executor: Executor,
  renditionId: string,
  error: string,
  { originalUnreadable = false }: { originalUnreadable?: boolean } = {},
): Promise<void> {
  await executor
    .update(renditions)
    .set({ state: 'failed', error, originalUnreadable })
    .where(and(eq(renditions.id, renditionId), eq(renditions.state, 'pending')));
}
