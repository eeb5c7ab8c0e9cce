import { and, eq, isNull } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { type DownloadEvent, webhooks } from '../schema/notifications.ts';
import { type Webhook, webhookColumns } from './webhook.ts';

export interface WebhookUpdate {
  url?: string | undefined;
  events?: DownloadEvent[] | undefined;
  enabled?: boolean | undefined;
}

/** What is held against an address, and against none that takes its place. */
const unblemished = { failingSince: null, lastFailedAt: null };

/** Changes what is given; what is switched on again begins without a blemish. Null when the user has no such webhook. */
export async function updateWebhook(
  executor: Executor,
  userId: string,
  id: string,
  changes: WebhookUpdate,
): Promise<Webhook | null> {
  const [row] = await executor
    .update(webhooks)
    .set({
      ...changes,
      ...((changes.url !== undefined || changes.enabled) && unblemished),
      ...(changes.enabled && { disabledAt: null, disabledReason: null }),
    })
    .where(and(eq(webhooks.id, id), eq(webhooks.userId, userId), isNull(webhooks.deletedAt)))
    .returning(webhookColumns);
  return row ?? null;
}
