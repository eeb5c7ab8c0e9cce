import { and, eq, sql } from 'drizzle-orm';
import { addToOutbox } from '../add-to-outbox.ts';
import { appendAuditEvent } from '../audit/append-audit-event.ts';
import type { Executor } from '../database.ts';
import { users } from '../schema/auth.ts';
import { newId } from '../schema/columns.ts';
import { notifications } from '../schema/notifications.ts';
import { isDelivery } from '../webhooks/delivery.ts';
import type { NotificationClaim } from './claim-notification.ts';
import { notifyJob } from './insert-notifications.ts';
import { type DisabledWebhook, judgeWebhook, type WebhookCall } from './judge-webhook.ts';
import { type AttemptResult, settleNotification } from './settle-notification.ts';

export interface WebhookCallTerms {
  durationMs: number;
  /** A webhook whose every attempt has failed for so long is switched off. */
  failingMostMs: number;
  now: Date;
}

/**
 * Settles an attempt that called a webhook, and what follows for the webhook. Where that is switched off by it, nothing
 * more is attempted, its owner is told by inbox and email, and the audit log says so. In a transaction.
 */
export async function settleWebhookCall(
  tx: Executor,
  claim: Pick<NotificationClaim, 'id' | 'attempt' | 'requesterId'>,
  result: AttemptResult,
  call: WebhookCall,
  { durationMs, failingMostMs, now }: WebhookCallTerms,
): Promise<void> {
  const disabled = await judgeWebhook(tx, call, { failingMostMs, now });
  const last = disabled !== null && !result.ok;
  await settleNotification(tx, claim, last ? { ...result, retryInMs: null } : result, { durationMs, now });
  if (disabled === null) return;
  await giveUpWaiting(tx, disabled);
  await tellOwner(tx, disabled, now);
  await appendAuditEvent(tx, {
    at: now,
    action: 'webhook.disabled',
    // The address may hold a secret of its receiver's.
    detail: { webhookId: disabled.id, host: new URL(disabled.url).host, reason: disabled.reason },
  });
}

const waitedFor: Readonly<Record<DisabledWebhook['reason'], string>> = {
  gone: 'The webhook was switched off: it answered another message that it is gone (410).',
  failing: 'The webhook was switched off: every attempt had failed for days.',
};

async function giveUpWaiting(tx: Executor, { id, reason }: DisabledWebhook): Promise<void> {
  await tx
    .update(notifications)
    .set({ state: 'failed', lastError: waitedFor[reason], nextAttemptAt: null })
    .where(and(eq(notifications.webhookId, id), isDelivery, eq(notifications.state, 'pending')));
}

async function tellOwner(tx: Executor, { id: webhookId, userId }: DisabledWebhook, now: Date): Promise<void> {
  const [owner] = await tx
    .select({ email: users.email, emailNotifications: users.emailNotifications, disabledAt: users.disabledAt })
    .from(users)
    .where(eq(users.id, userId));
  if (owner === undefined) return;
  const mails = owner.emailNotifications && owner.disabledAt === null;
  const notice = { event: 'webhook.disabled', epoch: 0, webhookId, createdAt: now, nextAttemptAt: sql`now()` } as const;
  const rows = [
    { ...notice, id: newId(), channel: 'inbox', recipient: userId } as const,
    ...(mails ? [{ ...notice, id: newId(), channel: 'email', recipient: owner.email } as const] : []),
  ];
  await tx.insert(notifications).values(rows);
  await addToOutbox(
    tx,
    rows.map(({ id }) => notifyJob(id, 1, userId)),
  );
}
