import { and, desc, eq, lt } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { cutPage, type Page } from '../page.ts';
import { inboxItems, type NotificationEvent, notifications } from '../schema/notifications.ts';

export interface InboxItem {
  id: string;
  event: NotificationEvent;
  /** Of what it tells: the one or the other. */
  downloadId: string | null;
  webhookId: string | null;
  title: string;
  body: Record<string, unknown>;
  createdAt: Date;
  readAt: Date | null;
}

/** A user's inbox, newest first. */
export async function listInbox(
  executor: Executor,
  userId: string,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<Page<InboxItem>> {
  const rows = await executor
    .select({
      id: inboxItems.id,
      event: inboxItems.event,
      downloadId: notifications.downloadId,
      webhookId: notifications.webhookId,
      title: inboxItems.title,
      body: inboxItems.body,
      createdAt: inboxItems.createdAt,
      readAt: inboxItems.readAt,
    })
    .from(inboxItems)
    .innerJoin(notifications, eq(notifications.id, inboxItems.notificationId))
    .where(and(eq(inboxItems.userId, userId), after === undefined ? undefined : lt(inboxItems.id, after)))
    .orderBy(desc(inboxItems.id))
    .limit(limit + 1);
  return cutPage(rows, limit, (row) => row.id);
}
