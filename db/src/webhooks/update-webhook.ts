import { and, eq, isNull } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { type DownloadEvent, webhooks } from '../schema/notifications.ts';
import { type Webhook, webhookColumns } from './webhook.ts';

export interface WebhookUpdate {
  url?: string | undefined;
  events?: DownloadEvent[] | undefined;
  enabled?: boolean | undefined;
}

/** Changes what is given. Null when the user has no such webhook. */
export async function updateWebhook(
  executor: Executor,
  userId: string,
  id: string,
  changes: WebhookUpdate,
): Promise<Webhook | null> {
  const [row] = await executor
    .update(webhooks)
    .set(changes)
    .where(and(eq(webhooks.id, id), eq(webhooks.userId, userId), isNull(webhooks.deletedAt)))
    .returning(webhookColumns);
  return row ?? null;
}
