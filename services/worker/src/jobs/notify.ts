import { claimNotification, type NotificationClaim } from '@sheaf/db/notifications/claim-notification';
import { settleNotification } from '@sheaf/db/notifications/settle-notification';
import { settleWebhookCall } from '@sheaf/db/notifications/settle-webhook-call';
import type { JobPayloads } from '@sheaf/queue/jobs';
import { deliverWebhookNotice } from '../notify/deliver-webhook-notice.ts';
import { type Delivery, pointless, type Undelivered } from '../notify/delivery.ts';
import { loadNotice } from '../notify/notice.ts';
import { sendEmail } from '../notify/send-email.ts';
import { writeInbox } from '../notify/write-inbox.ts';
import type { WorkerDeps } from '../worker-deps.ts';

/** Longer than any attempt takes: what is silent for so long is attempted again. */
export const leaseSeconds = 180;

/**
 * Attempts one notification, once. What was delivered is never sent again; a failed attempt is repeated by a job of its
 * own when its pause is over.
 */
export async function notify({ notificationId }: JobPayloads['notify'], deps: WorkerDeps, signal: AbortSignal) {
  const claim = await claimNotification(deps.db.orm, { notificationId, leaseSeconds });
  if (claim === null) return;
  const startedAt = performance.now();
  const delivery = await deliver(deps, claim, signal).catch((error: unknown): Delivery => {
    deps.logger.error({ err: error, notificationId }, 'notification broke');
    return { ok: false, status: null, error: 'The notification could not be made.', final: false };
  });
  const timing = { durationMs: performance.now() - startedAt, now: deps.clock() };
  await settle(deps, claim, delivery, timing);
}

async function deliver(deps: WorkerDeps, claim: NotificationClaim, signal: AbortSignal): Promise<Delivery> {
  if (claim.event === 'webhook.disabled') return deliverWebhookNotice(deps, claim);
  const notice = await loadNotice(deps, claim);
  if (notice === null) return pointless('The download is gone.');
  if (claim.channel === 'inbox') return writeInbox(deps, claim, notice);
  if (claim.event === 'download.failed' && (claim.outdated || notice.download.state !== 'failed')) {
    return pointless('The download was taken up again.');
  }
  if (claim.channel === 'email') return sendEmail(deps, claim, notice);
  const { sendWebhook } = await import('../notify/send-webhook.ts');
  return sendWebhook(deps, claim, notice, signal);
}

async function settle(
  { db, policy }: WorkerDeps,
  claim: NotificationClaim,
  delivery: Delivery,
  timing: { durationMs: number; now: Date },
): Promise<void> {
  const result = delivery.ok ? delivery : { ...delivery, retryInMs: pauseAfter(policy, claim, delivery) };
  const { webhookId } = claim;
  const { url, ok, gone = false } = delivery;
  if (webhookId === null || url === undefined) {
    await db.transaction((tx) => settleNotification(tx, claim, result, timing));
  } else {
    const call = { webhookId, url, ok, gone };
    const terms = { ...timing, failingMostMs: policy.webhookFailingMost };
    await db.transaction((tx) => settleWebhookCall(tx, claim, result, call, terms));
  }
}

/** Null: no more. A receiver may ask for a longer pause than comes next, and never for a shorter one or a further attempt. */
function pauseAfter(
  { notifyPauses }: WorkerDeps['policy'],
  { attempt }: NotificationClaim,
  { final, retryAfterMs }: Undelivered,
): number | null {
  const pause = notifyPauses[attempt - 1];
  return final || pause === undefined ? null : Math.max(pause, retryAfterMs ?? 0);
}
