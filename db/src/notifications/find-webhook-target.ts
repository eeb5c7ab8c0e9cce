import { eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { webhooks } from '../schema/notifications.ts';

export interface WebhookTarget {
  url: string;
  /** What signs each message, the newest first: for a while after a rotation there are two. */
  sealedSecrets: Buffer[];
}

/** Where a webhook's messages go and how they are signed; null once it was deleted or switched off. */
export async function findWebhookTarget(
  executor: Executor,
  webhookId: string,
  now: Date,
): Promise<WebhookTarget | null> {
  const [row] = await executor
    .select({
      url: webhooks.url,
      sealedSecret: webhooks.sealedSecret,
      previousSealedSecret: webhooks.previousSealedSecret,
      previousSecretUntil: webhooks.previousSecretUntil,
      enabled: webhooks.enabled,
      deletedAt: webhooks.deletedAt,
    })
    .from(webhooks)
    .where(eq(webhooks.id, webhookId));
  if (row?.enabled !== true || row.deletedAt !== null) return null;
  const { url, sealedSecret, previousSealedSecret, previousSecretUntil } = row;
  const still = previousSecretUntil !== null && previousSecretUntil > now ? previousSealedSecret : null;
  return { url, sealedSecrets: still === null ? [sealedSecret] : [sealedSecret, still] };
}
