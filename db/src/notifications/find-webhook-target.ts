import { eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { webhooks } from '../schema/notifications.ts';

/** Where a webhook's messages go and how they are signed; null once it was deleted or switched off. */
export async function findWebhookTarget(
  executor: Executor,
  webhookId: string,
): Promise<{ url: string; sealedSecret: Buffer } | null> {
  const [row] = await executor
    .select({
      url: webhooks.url,
      sealedSecret: webhooks.sealedSecret,
      enabled: webhooks.enabled,
      deletedAt: webhooks.deletedAt,
    })
    .from(webhooks)
    .where(eq(webhooks.id, webhookId));
  return row?.enabled === true && row.deletedAt === null ? { url: row.url, sealedSecret: row.sealedSecret } : null;
}
