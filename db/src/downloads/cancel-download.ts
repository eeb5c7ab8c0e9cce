import type { DownloadState } from '@sheaf/domain/download-state';
import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { insertNotifications } from '../notifications/insert-notifications.ts';
import { downloads } from '../schema/downloads.ts';
import type { LockedDownload } from './lock-download.ts';

/** Nobody works on these yet, so they can be cancelled on the spot. */
const idle: readonly DownloadState[] = ['requested', 'queued'];
/** A worker holds these, and has to let go by itself. */
const held: readonly DownloadState[] = ['gathering', 'packing'];

/**
 * Cancels a locked download: at once where nobody works on it; else the worker is asked to, which its next heartbeat
 * honours. Returns false in a state that can no longer be cancelled.
 */
export async function cancelDownload(tx: Executor, { id, state, epoch }: LockedDownload, now: Date): Promise<boolean> {
  if (idle.includes(state)) {
    await tx
      .update(downloads)
      .set({ state: 'cancelled', cancelRequestedAt: now, finishedAt: now, objectsRemovedAt: null })
      .where(and(eq(downloads.id, id), inArray(downloads.state, [...idle])));
    await insertNotifications(tx, { downloadId: id, epoch, event: 'download.cancelled', now });
    return true;
  }
  if (!held.includes(state)) return false;
  await tx
    .update(downloads)
    .set({ cancelRequestedAt: now })
    .where(and(eq(downloads.id, id), inArray(downloads.state, [...held]), isNull(downloads.cancelRequestedAt)));
  return true;
}
