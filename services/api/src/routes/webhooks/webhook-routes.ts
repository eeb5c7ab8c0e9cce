import type { ApiRoute } from '../../api-deps.ts';
import { deleteWebhook } from './delete-webhook.ts';
import { getDeliveries } from './get-deliveries.ts';
import { getWebhook } from './get-webhook.ts';
import { getWebhooks } from './get-webhooks.ts';
import { patchWebhook } from './patch-webhook.ts';
import { postReplay } from './post-replay.ts';
import { postRotateSecret } from './post-rotate-secret.ts';
import { postWebhook } from './post-webhook.ts';

export const webhookRoutes: ApiRoute[] = [
  getWebhooks,
  getWebhook,
  postWebhook,
  patchWebhook,
  deleteWebhook,
  postRotateSecret,
  getDeliveries,
  postReplay,
];
