import { and, eq, isNull } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { webhooks } from '../schema/notifications.ts';
import { type Webhook, webhookColumns } from './webhook.ts';

/** Ends a webhook; its deliveries stay on record. Null where the user has no such webhook. */
export async function deleteWebhook(
  executor: Executor,
  userId: string,
  id: string,
  now: Date,
): Promise<Webhook | null> {
  const [row] = await executor
    .update(webhooks)
    .set({ deletedAt: now })
    .where(and(eq(webhooks.id, id), eq(webhooks.userId, userId), isNull(webhooks.deletedAt)))
    .returning(webhookColumns);
  return row ?? null;
}
