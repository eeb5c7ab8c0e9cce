import type { WebhookNotification } from '@sheaf/db/notifications/claim-notification';
import { insertInboxItem } from '@sheaf/db/notifications/insert-inbox-item';
import { type DisabledFacts, findDisabledWebhook } from '@sheaf/db/webhooks/find-disabled-webhook';
import type { WorkerDeps } from '../worker-deps.ts';
import { type Delivery, delivered, pointless } from './delivery.ts';
import type { EmailLines } from './email-lines.ts';
import { sendLines } from './send-lines.ts';

/** Tells a webhook's owner, by inbox or email, that it was switched off and why. */
export async function deliverWebhookNotice(deps: WorkerDeps, claim: WebhookNotification): Promise<Delivery> {
  const webhook = await findDisabledWebhook(deps.db.orm, claim.webhookId);
  if (webhook === null) return pointless('The webhook was switched on again, or deleted.');
  if (claim.channel === 'email') return sendLines(deps, claim, webhookLines(webhook));
  const { disabledAt, ...facts } = webhook;
  await insertInboxItem(deps.db.orm, {
    userId: claim.recipient,
    notificationId: claim.id,
    event: claim.event,
    title: webhookTitle(webhook),
    body: {
      type: claim.event,
      timestamp: claim.createdAt.toISOString(),
      data: { webhook: { ...facts, disabledAt: disabledAt.toISOString() } },
    },
    createdAt: claim.createdAt,
  });
  return delivered;
}

const reasons: Readonly<Record<DisabledFacts['disabledReason'], string>> = {
  gone: 'It answered that it is gone and wants no more messages (410).',
  failing: 'For days, every attempt to deliver a message to it had failed.',
};

/** Names the host alone: the rest of an address may be long, or a secret of its receiver's. */
function webhookTitle({ url }: DisabledFacts): string {
  return `The webhook at ${new URL(url).host} was switched off`;
}

function webhookLines(webhook: DisabledFacts): EmailLines {
  return {
    title: webhookTitle(webhook),
    paragraphs: [
      reasons[webhook.disabledReason],
      'It is called no more, and what was waiting for it has been given up. Once it takes messages again, switch it on ' +
        'under Webhooks, or by PATCH /api/v1/webhooks/{id}; each message can be sent again from its deliveries.',
      `Its address is ${webhook.url} and its id ${webhook.id}.`,
    ],
    links: [],
    missing: null,
  };
}
