import { type DownloadEvent, webhooks } from '../schema/notifications.ts';

/** A webhook without its signing secret. */
export interface Webhook {
  id: string;
  url: string;
  events: DownloadEvent[];
  enabled: boolean;
  createdAt: Date;
}

export const webhookColumns = {
  id: webhooks.id,
  url: webhooks.url,
  events: webhooks.events,
  enabled: webhooks.enabled,
  createdAt: webhooks.createdAt,
};
