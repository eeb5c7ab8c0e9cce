import { AppError } from '@sheaf/domain/app-error';
import { and, eq, ne, sql } from 'drizzle-orm';
import { addToOutbox } from '../add-to-outbox.ts';
import type { Executor } from '../database.ts';
import { notifyJob } from '../notifications/insert-notifications.ts';
import { notifications } from '../schema/notifications.ts';

/**
 * Sends a settled notification once more, under the identity that it had. In a transaction. Throws `resource.not_found`
 * when the download has no such notification, `resource.conflict` while it is on its way.
 */
export async function redeliverNotification(
  tx: Executor,
  { downloadId, notificationId }: { downloadId: string; notificationId: string },
): Promise<void> {
  const one = and(eq(notifications.id, notificationId), eq(notifications.downloadId, downloadId));
  const [row] = await tx
    .update(notifications)
    .set({ state: 'pending', deliveredAt: null, nextAttemptAt: sql`now()` })
    .where(and(one, ne(notifications.state, 'pending')))
    .returning({ attempts: notifications.attempts });
  if (row === undefined) {
    const known = await tx.select({ id: notifications.id }).from(notifications).where(one);
    if (known.length > 0) throw new AppError('resource.conflict', 'This notification is still on its way.');
    throw new AppError('resource.not_found', 'There is no such notification.');
  }
  await addToOutbox(tx, [notifyJob(notificationId, row.attempts + 1, null)]);
}
