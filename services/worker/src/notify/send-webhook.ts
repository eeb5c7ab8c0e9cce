import type { NotificationClaim } from '@sheaf/db/notifications/claim-notification';
import { findWebhookTarget } from '@sheaf/db/notifications/find-webhook-target';
import { AppError } from '@sheaf/domain/app-error';
import { Webhook } from 'standardwebhooks';
import type { WorkerDeps } from '../worker-deps.ts';
import { parseAddresses } from './allowed-addresses.ts';
import { type Delivered, type Delivery, pointless, type Undelivered } from './delivery.ts';
import type { Notice } from './notice.ts';
import { noticePayload } from './notice-payload.ts';
import { postWebhook, type WebhookAnswer, type WebhookPost } from './post-webhook.ts';
import { retryAfterMs } from './retry-after.ts';

type Deps = Pick<WorkerDeps, 'db' | 'sealers' | 'settings' | 'policy' | 'clock'>;

/** The receiver wants no more, ever (Standard Webhooks). */
const goneStatus = 410;

/**
 * Calls a webhook, signed to the Standard Webhooks specification. The message's id is the notification's, in every
 * attempt; the signed time is the attempt's. Delivered means a 2xx.
 */
export async function sendWebhook(
  deps: Deps,
  { id, webhookId }: NotificationClaim,
  notice: Notice,
  signal: AbortSignal,
): Promise<Delivery> {
  const now = deps.clock();
  const target = webhookId === null ? null : await findWebhookTarget(deps.db.orm, webhookId, now);
  if (target === null) return pointless('The webhook was deleted or switched off.');
  const { url, sealedSecrets } = target;
  const body = JSON.stringify(noticePayload(notice));
  const signatures = sealedSecrets.flatMap((sealed, index) => {
    try {
      return new Webhook(deps.sealers.webhook.open(sealed)).sign(id, now, body);
    } catch (error) {
      // The one before it may be of a key that is gone; without the first nobody could verify the message.
      if (index === 0) throw error;
      return [];
    }
  });
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Sheaf-Webhooks',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': signatures.join(' '),
  };
  const outcome = await call(deps, { url, headers, body }, signal);
  return { ...outcome, url, gone: outcome.status === goneStatus };
}

async function call(
  { settings, policy, clock }: Deps,
  message: Pick<WebhookPost, 'url' | 'headers' | 'body'>,
  signal: AbortSignal,
): Promise<Delivered | Undelivered> {
  const allowed = parseAddresses(settings.WEBHOOK_ALLOWED_ADDRESSES);
  try {
    const answer = await postWebhook({ ...message, allowed, timeout: policy.notifyTimeout }, signal);
    return judge(answer, { now: clock(), most: policy.notifyPauseMost });
  } catch (error) {
    if (error instanceof AppError) return pointless(error.message);
    const reason = `The webhook cannot be reached: ${(error as Error).message}`;
    return { ok: false, status: null, error: reason, final: false };
  }
}

function judge({ status, retryAfter }: WebhookAnswer, pauses: { now: Date; most: number }): Delivered | Undelivered {
  if (status >= 200 && status < 300) return { ok: true, status };
  if (status === goneStatus) {
    return { ok: false, status, error: 'The webhook answered 410: it is gone. It was switched off.', final: true };
  }
  const hint = status >= 300 && status < 400 ? ' Redirects are not followed.' : '';
  return {
    ok: false,
    status,
    error: `The webhook answered ${status}.${hint}`,
    final: false,
    // Of other answers, the header says something else, as when to look for what has moved.
    retryAfterMs: [429, 503].includes(status) ? retryAfterMs(retryAfter, pauses) : null,
  };
}
