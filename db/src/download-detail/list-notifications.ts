import { asc, eq, inArray, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { type DownloadEvent, notificationAttempts, notifications, webhooks } from '../schema/notifications.ts';

const most = 200;

/** What a download's events were told to whom, by which channel, with each attempt. The first event first. */
export async function listNotifications(executor: Executor, downloadId: string) {
  const rows = await executor
    .select({
      id: notifications.id,
      // The constraint `notifications_subject`: of a download, no other.
      event: sql<DownloadEvent>`${notifications.event}`,
      channel: notifications.channel,
      recipient: notifications.recipient,
      url: webhooks.url,
      state: notifications.state,
      lastError: notifications.lastError,
      createdAt: notifications.createdAt,
      deliveredAt: notifications.deliveredAt,
      nextAttemptAt: notifications.nextAttemptAt,
    })
    .from(notifications)
    .leftJoin(webhooks, eq(webhooks.id, notifications.webhookId))
    .where(eq(notifications.downloadId, downloadId))
    .orderBy(asc(notifications.id))
    .limit(most);
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const attempts = await executor
    .select()
    .from(notificationAttempts)
    .where(inArray(notificationAttempts.notificationId, ids))
    .orderBy(asc(notificationAttempts.id));
  const byNotification = Map.groupBy(attempts, ({ notificationId }) => notificationId);
  return rows.map((row) => ({ ...row, attempts: byNotification.get(row.id) ?? [] }));
}

export type ListedNotification = Awaited<ReturnType<typeof listNotifications>>[number];
