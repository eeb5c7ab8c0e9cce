import { statesBefore } from '@sheaf/domain/download-state';
import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';
import { links } from '../schema/links.ts';
import type { LockedDownload } from './lock-download.ts';

/** Ends a locked download for good, with every link to it. Returns false in a state that cannot be revoked. */
export async function revokeDownload(tx: Executor, { id }: LockedDownload, now: Date): Promise<boolean> {
  const revoked = await tx
    .update(downloads)
    .set({ state: 'revoked', finishedAt: now, objectsRemovedAt: null })
    .where(and(eq(downloads.id, id), inArray(downloads.state, statesBefore('revoked'))))
    .returning({ id: downloads.id });
  if (revoked.length === 0) return false;
  await tx
    .update(links)
    .set({ revokedAt: now })
    .where(and(eq(links.downloadId, id), isNull(links.revokedAt)));
  return true;
}
