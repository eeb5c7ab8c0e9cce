import { statesBefore } from '@sheaf/domain/download-state';
import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { insertNotifications } from '../notifications/insert-notifications.ts';
import { downloads } from '../schema/downloads.ts';
import type { LockedDownload } from './lock-download.ts';

/**
 * Cancels a locked download: at once where no worker holds it; else its worker is asked to let go, which it does with
 * its next heartbeat, and at the latest instead of what would end its step. Returns false in a state that can no longer
 * be cancelled.
 */
export async function cancelDownload(
  tx: Executor,
  { id, state, epoch, held }: LockedDownload,
  now: Date,
): Promise<boolean> {
  const cancellable = statesBefore('cancelled');
  if (!cancellable.includes(state)) return false;
  if (held) {
    await tx
      .update(downloads)
      .set({ cancelRequestedAt: now })
      .where(and(eq(downloads.id, id), inArray(downloads.state, cancellable), isNull(downloads.cancelRequestedAt)));
    return true;
  }
  await tx
    .update(downloads)
    .set({
      state: 'cancelled',
      cancelRequestedAt: now,
      finishedAt: now,
      leaseUntil: null,
      workerId: null,
      objectsRemovedAt: null,
    })
    .where(and(eq(downloads.id, id), inArray(downloads.state, cancellable)));
  await insertNotifications(tx, { downloadId: id, epoch, event: 'download.cancelled', now });
  return true;
}
