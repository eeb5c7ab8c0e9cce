import { and, eq, isNull } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { inboxItems } from '../schema/notifications.ts';

/** Entries of a user's inbox that were never marked as read. */
export async function countUnread(executor: Executor, userId: string): Promise<number> {
  return executor.$count(inboxItems, and(eq(inboxItems.userId, userId), isNull(inboxItems.readAt)));
}
