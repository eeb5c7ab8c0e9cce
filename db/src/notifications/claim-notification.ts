import { and, eq, lte, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { type Channel, type DownloadEvent, notifications } from '../schema/notifications.ts';

/** A notification whose delivery one job attempts. */
export type NotificationClaim = DownloadNotification | WebhookNotification;

/** What became of a download. */
export interface DownloadNotification extends AnyNotification {
  downloadId: string;
  event: DownloadEvent;
}

/** What became of a webhook, for its owner. */
export interface WebhookNotification extends AnyNotification {
  downloadId: null;
  event: 'webhook.disabled';
  webhookId: string;
}

interface AnyNotification {
  id: string;
  channel: Channel;
  recipient: string;
  webhookId: string | null;
  /** Of this attempt, from 1. */
  attempt: number;
  /** When the event happened. */
  createdAt: Date;
  /** Whose download, or whose webhook. */
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
    .where(
      and(
        eq(notifications.id, notificationId),
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
      requesterId: sql<string>`coalesce(
        (select d.requester_id from downloads d where d.id = notifications.download_id),
        (select w.user_id from webhooks w where w.id = notifications.webhook_id)
      )`,
      outdated: sql<boolean>`coalesce(
        (select d.epoch <> notifications.epoch from downloads d where d.id = notifications.download_id), false
      )`,
    });
  // `notifications_subject` has one or the other.
  return (row as NotificationClaim | undefined) ?? null;
}
