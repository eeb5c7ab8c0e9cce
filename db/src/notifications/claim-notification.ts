import { and, eq, lte, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';
import { type Channel, type DownloadEvent, notifications } from '../schema/notifications.ts';

/** A notification whose delivery one job attempts. */
export interface NotificationClaim {
  id: string;
  downloadId: string;
  event: DownloadEvent;
  channel: Channel;
  recipient: string;
  webhookId: string | null;
  /** Of this attempt, from 1. */
  attempt: number;
  /** When the event happened. */
  createdAt: Date;
  requesterId: string;
  /** Whether the download was taken up again since: what happened then is no longer how it stands. */
  outdated: boolean;
}

/**
 * Takes a notification for one attempt, unless it is settled, another job attempts it now, or its time has not come:
 * then null. An attempt that ends without a word may be repeated `leaseSeconds` later.
 */
export async function claimNotification(
  executor: Executor,
  { notificationId, leaseSeconds }: { notificationId: string; leaseSeconds: number },
): Promise<NotificationClaim | null> {
  const [row] = await executor
    .update(notifications)
    .set({
      attempts: sql`${notifications.attempts} + 1`,
      nextAttemptAt: sql`now() + ${leaseSeconds} * interval '1 second'`,
    })
    .from(downloads)
    .where(
      and(
        eq(notifications.id, notificationId),
        eq(downloads.id, notifications.downloadId),
        eq(notifications.state, 'pending'),
        lte(notifications.nextAttemptAt, sql`now()`),
      ),
    )
    .returning({
      id: notifications.id,
      downloadId: notifications.downloadId,
      event: notifications.event,
      channel: notifications.channel,
      recipient: notifications.recipient,
      webhookId: notifications.webhookId,
      attempt: notifications.attempts,
      createdAt: notifications.createdAt,
      requesterId: downloads.requesterId,
      outdated: sql<boolean>`${downloads.epoch} <> ${notifications.epoch}`,
    });
  return row ?? null;
}
