import { and, eq, isNull } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { type WebhookEnd, webhooks } from '../schema/notifications.ts';

export interface DisabledFacts {
  id: string;
  url: string;
  disabledAt: Date;
  disabledReason: WebhookEnd;
}

/** A webhook that was switched off by itself; null once it was switched on again or deleted. */
export async function findDisabledWebhook(executor: Executor, id: string): Promise<DisabledFacts | null> {
  const [row] = await executor
    .select({ url: webhooks.url, disabledAt: webhooks.disabledAt, disabledReason: webhooks.disabledReason })
    .from(webhooks)
    .where(and(eq(webhooks.id, id), isNull(webhooks.deletedAt)));
  if (row === undefined || row.disabledAt === null || row.disabledReason === null) return null;
  return { id, url: row.url, disabledAt: row.disabledAt, disabledReason: row.disabledReason };
}
