import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { webhooks } from '../schema/notifications.ts';
import { type Webhook, webhookColumns } from './webhook.ts';

export interface SecretRotation {
  userId: string;
  id: string;
  sealedSecret: Buffer;
  /** Until when the secret that it replaces signs as well; one that was replaced before signs no more. */
  previousUntil: Date;
}

/** Gives a webhook a new secret. Null when the user has no such webhook. */
export async function rotateWebhookSecret(
  executor: Executor,
  { userId, id, sealedSecret, previousUntil }: SecretRotation,
): Promise<Webhook | null> {
  const [row] = await executor
    .update(webhooks)
    .set({ sealedSecret, previousSealedSecret: sql`${webhooks.sealedSecret}`, previousSecretUntil: previousUntil })
    .where(and(eq(webhooks.id, id), eq(webhooks.userId, userId), isNull(webhooks.deletedAt)))
    .returning(webhookColumns);
  return row ?? null;
}
