import { and, eq, isNull, lte } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { inboxItems } from '../schema/notifications.ts';

/** Marks all entries up to this one, and leaves what came after it. Returns how many were unread. */
export async function markInboxRead(
  executor: Executor,
  { userId, upTo, now }: { userId: string; upTo: string; now: Date },
): Promise<number> {
  const rows = await executor
    .update(inboxItems)
    .set({ readAt: now })
    .where(and(eq(inboxItems.userId, userId), isNull(inboxItems.readAt), lte(inboxItems.id, upTo)))
    .returning({ id: inboxItems.id });
  return rows.length;
}
