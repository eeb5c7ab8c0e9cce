import { type DownloadEvent, type WebhookEnd, webhooks } from '../schema/notifications.ts';

/** A webhook without its signing secret. */
export interface Webhook {
  id: string;
  url: string;
  events: DownloadEvent[];
  enabled: boolean;
  /** When and why it was switched off by itself; null where its owner did that, or it is enabled. */
  disabledAt: Date | null;
  disabledReason: WebhookEnd | null;
  /** Until when the secret before this one signs as well. */
  previousSecretUntil: Date | null;
  createdAt: Date;
}

export const webhookColumns = {
  id: webhooks.id,
  url: webhooks.url,
  events: webhooks.events,
  enabled: webhooks.enabled,
  disabledAt: webhooks.disabledAt,
  disabledReason: webhooks.disabledReason,
  previousSecretUntil: webhooks.previousSecretUntil,
  createdAt: webhooks.createdAt,
};
