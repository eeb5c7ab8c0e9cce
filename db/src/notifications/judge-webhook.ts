import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { type WebhookEnd, webhooks } from '../schema/notifications.ts';

/** What one call says of a webhook. */
export interface WebhookCall {
  webhookId: string;
  /** What was called: an address that has taken its place since is not judged by it. */
  url: string;
  ok: boolean;
  /** Whether the receiver answered that it is gone for good. */
  gone: boolean;
}

export interface DisabledWebhook {
  id: string;
  userId: string;
  url: string;
  reason: WebhookEnd;
}

/**
 * Notes how a call of a webhook went, and switches the webhook off where its receiver is gone, or where every attempt has
 * failed for `failingMostMs`: what lies between two of them may not be longer than that. Returns the webhook that this
 * call has switched off. In a transaction, ahead of its other statements: whoever locks a webhook's notifications first
 * and the webhook second can meet another who waits for both.
 */
export async function judgeWebhook(
  tx: Executor,
  { webhookId, url, ok, gone }: WebhookCall,
  { failingMostMs, now }: { failingMostMs: number; now: Date },
): Promise<DisabledWebhook | null> {
  const called = and(eq(webhooks.id, webhookId), eq(webhooks.url, url), isNull(webhooks.deletedAt));
  if (ok) {
    await tx
      .update(webhooks)
      .set({ failingSince: null, lastFailedAt: null })
      .where(and(called, isNotNull(webhooks.failingSince)));
    return null;
  }
  const at = now.toISOString();
  const restarts = sql`coalesce(${webhooks.lastFailedAt} < ${at}::timestamptz - ${failingMostMs} * interval '1 millisecond', true)`;
  const [failing] = await tx
    .update(webhooks)
    .set({
      failingSince: sql`case when ${restarts} then ${at} else ${webhooks.failingSince} end`,
      lastFailedAt: now,
    })
    .where(and(called, eq(webhooks.enabled, true)))
    .returning({ userId: webhooks.userId, since: webhooks.failingSince });
  if (failing === undefined) return null;
  const reason = gone ? 'gone' : now.getTime() - Number(failing.since) >= failingMostMs ? 'failing' : null;
  if (reason === null) return null;
  await tx
    .update(webhooks)
    .set({ enabled: false, disabledAt: now, disabledReason: reason })
    .where(eq(webhooks.id, webhookId));
  return { id: webhookId, userId: failing.userId, url, reason };
}
