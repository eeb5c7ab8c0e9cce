import type { Executor } from '../database.ts';
import { inboxItems } from '../schema/notifications.ts';

/** Puts a notification into its user's inbox; one that is there already stays as it is. */
export async function insertInboxItem(
  executor: Executor,
  item: Omit<typeof inboxItems.$inferInsert, 'id' | 'readAt'>,
): Promise<void> {
  await executor.insert(inboxItems).values(item).onConflictDoNothing({ target: inboxItems.notificationId });
}
