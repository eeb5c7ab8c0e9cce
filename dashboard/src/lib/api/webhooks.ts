import type {
  DeliveryJson,
  DeliveryPageJson,
  NewWebhookJson,
  WebhookChanges,
  WebhookFields,
  WebhookJson,
  WebhookPageJson,
} from '@sheaf/contract/webhook';
import { api, idempotent } from '#lib/api.ts';

export const webhookKeys = {
  all: ['webhooks'] as const,
  list: ['webhooks', 'list'] as const,
  detail: (id: string) => ['webhooks', 'detail', id] as const,
  deliveries: (id: string) => ['webhooks', 'deliveries', id] as const,
};

export const webhooksApi = {
  list: (cursor: string | null) => api.get<WebhookPageJson>('/api/v1/webhooks', { query: { cursor } }),
  get: (id: string) => api.get<WebhookJson>(`/api/v1/webhooks/${id}`),
  add: (body: WebhookFields, key: string) =>
    api.post<NewWebhookJson>('/api/v1/webhooks', { body, headers: idempotent(key) }),
  change: (id: string, body: WebhookChanges) => api.patch<WebhookJson>(`/api/v1/webhooks/${id}`, { body }),
  rotateSecret: (id: string, key: string) =>
    api.post<NewWebhookJson>(`/api/v1/webhooks/${id}/rotate-secret`, { headers: idempotent(key) }),
  remove: (id: string) => api.delete(`/api/v1/webhooks/${id}`),
  deliveries: (id: string, cursor: string | null) =>
    api.get<DeliveryPageJson>(`/api/v1/webhooks/${id}/deliveries`, { query: { cursor } }),
  redeliver: (id: string, deliveryId: string) =>
    api.post<DeliveryJson>(`/api/v1/webhooks/${id}/deliveries/${deliveryId}/replay`),
};
