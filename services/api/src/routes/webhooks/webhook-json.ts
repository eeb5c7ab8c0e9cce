import type { DeliveryJson, WebhookJson } from '@sheaf/contract/webhook';
import type { Delivery } from '@sheaf/db/webhooks/delivery';
import type { Webhook } from '@sheaf/db/webhooks/webhook';

export function webhookJson({ disabledAt, previousSecretUntil, createdAt, ...webhook }: Webhook): WebhookJson {
  return {
    ...webhook,
    disabledAt: disabledAt?.toISOString() ?? null,
    previousSecretUntil: previousSecretUntil?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}

export function deliveryJson({ attempts, createdAt, deliveredAt, nextAttemptAt, ...delivery }: Delivery): DeliveryJson {
  return {
    ...delivery,
    attempts: attempts.map(({ number, ok, status, error, durationMs, at }) => ({
      number,
      ok,
      status,
      error,
      durationMs,
      at: at.toISOString(),
    })),
    createdAt: createdAt.toISOString(),
    deliveredAt: deliveredAt?.toISOString() ?? null,
    nextAttemptAt: nextAttemptAt?.toISOString() ?? null,
  };
}
