import { and, desc, eq, isNull, lt } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { cutPage, type Page } from '../page.ts';
import { webhooks } from '../schema/notifications.ts';
import { type Webhook, webhookColumns } from './webhook.ts';

/** A user's webhooks, newest first. */
export async function listWebhooks(
  executor: Executor,
  userId: string,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<Page<Webhook>> {
  const rows = await executor
    .select(webhookColumns)
    .from(webhooks)
    .where(
      and(
        eq(webhooks.userId, userId),
        isNull(webhooks.deletedAt),
        after === undefined ? undefined : lt(webhooks.id, after),
      ),
    )
    .orderBy(desc(webhooks.id))
    .limit(limit + 1);
  return cutPage(rows, limit, (row) => row.id);
}
