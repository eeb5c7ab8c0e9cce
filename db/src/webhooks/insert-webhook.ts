import type { Executor } from '../database.ts';
import { type DownloadEvent, webhooks } from '../schema/notifications.ts';
import { type Webhook, webhookColumns } from './webhook.ts';

export interface NewWebhook {
  userId: string;
  url: string;
  events: DownloadEvent[];
  enabled: boolean;
  /** The signing secret, sealed with the instance's key. */
  sealedSecret: Buffer;
  createdAt: Date;
}

export async function insertWebhook(executor: Executor, webhook: NewWebhook): Promise<Webhook> {
  const [row] = await executor.insert(webhooks).values(webhook).returning(webhookColumns);
  return row!;
}
