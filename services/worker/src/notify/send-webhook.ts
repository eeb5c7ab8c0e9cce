import type { NotificationClaim } from '@sheaf/db/notifications/claim-notification';
import { findWebhookTarget } from '@sheaf/db/notifications/find-webhook-target';
import { AppError } from '@sheaf/domain/app-error';
import { Webhook } from 'standardwebhooks';
import type { WorkerDeps } from '../worker-deps.ts';
import { parseAddresses } from './allowed-addresses.ts';
import { type Delivery, pointless } from './delivery.ts';
import type { Notice } from './notice.ts';
import { noticePayload } from './notice-payload.ts';
import { postWebhook } from './post-webhook.ts';

/**
 * Calls a webhook, signed to the Standard Webhooks specification. The message's id is the notification's, in every
 * attempt; the signed time is the attempt's. Delivered means a 2xx.
 */
export async function sendWebhook(
  { db, sealers, settings, policy, clock }: Pick<WorkerDeps, 'db' | 'sealers' | 'settings' | 'policy' | 'clock'>,
  { id, webhookId }: NotificationClaim,
  notice: Notice,
  signal: AbortSignal,
): Promise<Delivery> {
  const target = webhookId === null ? null : await findWebhookTarget(db.orm, webhookId);
  if (target === null) return pointless('The webhook was deleted or switched off.');
  const body = JSON.stringify(noticePayload(notice));
  const now = clock();
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Sheaf-Webhooks',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': new Webhook(sealers.webhook.open(target.sealedSecret)).sign(id, now, body),
  };
  try {
    const status = await postWebhook(
      {
        url: target.url,
        headers,
        body,
        allowed: parseAddresses(settings.WEBHOOK_ALLOWED_ADDRESSES),
        timeout: policy.notifyTimeout,
      },
      signal,
    );
    if (status >= 200 && status < 300) return { ok: true, status };
    const hint = status >= 300 && status < 400 ? ' Redirects are not followed.' : '';
    return { ok: false, status, error: `The webhook answered ${status}.${hint}`, final: false };
  } catch (error) {
    if (error instanceof AppError) return pointless(error.message);
    return {
      ok: false,
      status: null,
      error: `The webhook cannot be reached: ${(error as Error).message}`,
      final: false,
    };
  }
}
