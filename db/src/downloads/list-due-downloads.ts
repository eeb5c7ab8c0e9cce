import { and, eq, gt, lte } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';

export interface DueDownloads {
  /** The end lies after this; null for however long ago. */
  after: Date | null;
  until: Date;
  requesterId?: string;
  limit: number;
}

/** Downloads whose time is over, although nobody has written down yet that they have expired. */
export async function listDueDownloads(
  executor: Executor,
  { after, until, requesterId, limit }: DueDownloads,
): Promise<{ id: string; requesterId: string }[]> {
  return executor
    .select({ id: downloads.id, requesterId: downloads.requesterId })
    .from(downloads)
    .where(
      and(
        eq(downloads.state, 'ready'),
        lte(downloads.expiresAt, until),
        after === null ? undefined : gt(downloads.expiresAt, after),
        requesterId === undefined ? undefined : eq(downloads.requesterId, requesterId),
      ),
    )
    .limit(limit);
}
