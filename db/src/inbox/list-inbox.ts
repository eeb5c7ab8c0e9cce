import { and, desc, eq, lt } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { cutPage, type Page } from '../page.ts';
import { type DownloadEvent, inboxItems, notifications } from '../schema/notifications.ts';

export interface InboxItem {
  id: string;
  event: DownloadEvent;
  downloadId: string;
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
