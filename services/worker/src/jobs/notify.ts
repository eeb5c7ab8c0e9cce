import { claimNotification, type NotificationClaim } from '@sheaf/db/notifications/claim-notification';
import { settleNotification } from '@sheaf/db/notifications/settle-notification';
import type { JobPayloads } from '@sheaf/queue/jobs';
import { type Delivery, pointless } from '../notify/delivery.ts';
import { loadNotice } from '../notify/notice.ts';
import { sendEmail } from '../notify/send-email.ts';
import { writeInbox } from '../notify/write-inbox.ts';
import type { WorkerDeps } from '../worker-deps.ts';

/** Longer than any attempt takes: what is silent for so long is attempted again. */
const leaseSeconds = 180;

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
  const result = delivery.ok ? delivery : { ...delivery, retryInMs: pauseAfter(deps, claim, delivery.final) };
  await deps.db.transaction((tx) => settleNotification(tx, claim, result, timing));
}

async function deliver(deps: WorkerDeps, claim: NotificationClaim, signal: AbortSignal): Promise<Delivery> {
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

function pauseAfter({ policy }: WorkerDeps, { attempt }: NotificationClaim, final: boolean): number | null {
  return final ? null : (policy.notifyPauses[attempt - 1] ?? null);
}
