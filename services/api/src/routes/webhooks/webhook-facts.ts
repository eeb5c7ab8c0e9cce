import type { Webhook } from '@sheaf/db/webhooks/webhook';

/** What the audit log keeps of a webhook: where it leads to, but not its whole address, which may hold a secret. */
export function webhookFacts({ id, url, events, enabled }: Pick<Webhook, 'id' | 'url' | 'events' | 'enabled'>) {
  return { webhookId: id, host: new URL(url).host, events, enabled };
}
