import { and, eq, isNull } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { webhooks } from '../schema/notifications.ts';

/** Ends a webhook; its deliveries stay on record. Returns whether the user had it. */
export async function deleteWebhook(executor: Executor, userId: string, id: string, now: Date): Promise<boolean> {
  const rows = await executor
    .update(webhooks)
    .set({ deletedAt: now })
    .where(and(eq(webhooks.id, id), eq(webhooks.userId, userId), isNull(webhooks.deletedAt)))
    .returning({ id: webhooks.id });
  return rows.length > 0;
}
