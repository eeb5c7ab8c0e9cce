import { and, eq, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { inboxItems } from '../schema/notifications.ts';

/** Returns whether the user has this entry. The time of the first reading stays. */
export async function markInboxItemRead(executor: Executor, userId: string, id: string, now: Date): Promise<boolean> {
  const rows = await executor
    .update(inboxItems)
    .set({ readAt: sql`coalesce(${inboxItems.readAt}, ${now.toISOString()})` })
    .where(and(eq(inboxItems.id, id), eq(inboxItems.userId, userId)))
    .returning({ id: inboxItems.id });
  return rows.length > 0;
}
