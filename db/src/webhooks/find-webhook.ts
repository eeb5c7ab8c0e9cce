import { and, eq, isNull } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { webhooks } from '../schema/notifications.ts';
import { type Webhook, webhookColumns } from './webhook.ts';

/** One of the user's webhooks; null when the user has none of this id. */
export async function findWebhook(executor: Executor, userId: string, id: string): Promise<Webhook | null> {
  const [row] = await executor
    .select(webhookColumns)
    .from(webhooks)
    .where(and(eq(webhooks.id, id), eq(webhooks.userId, userId), isNull(webhooks.deletedAt)));
  return row ?? null;
}
