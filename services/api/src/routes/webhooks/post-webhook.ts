import { newWebhookSchema, webhookFieldsSchema } from '@sheaf/contract/webhook';
import { downloadEvents } from '@sheaf/db/schema/notifications';
import { insertWebhook } from '@sheaf/db/webhooks/insert-webhook';
import { answerOnce } from '../../answer-once.ts';
import type { ApiRoute } from '../../api-deps.ts';
import { auditEvent } from '../../audit-event.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { webhookSecret } from '../../use-cases/webhook-secret.ts';
import { webhookUrl } from '../../use-cases/webhook-url.ts';
import { webhookFacts } from './webhook-facts.ts';
import { webhookJson } from './webhook-json.ts';

export const postWebhook: ApiRoute = (app, deps) => {
  app.post(
    '/webhooks',
    {
      onRequest: requireActor,
      config: { idempotent: true },
      schema: {
        tags: ['webhooks'],
        summary: 'Add a webhook; its signing secret (Standard Webhooks) is shown this once',
        body: webhookFieldsSchema,
        response: { 201: newWebhookSchema },
      },
    },
    (request, reply) => {
      const { events = [...downloadEvents], enabled = true } = request.body;
      const url = webhookUrl(request.body.url);
      return answerOnce(
        deps,
        request,
        reply,
        async (tx) => {
          const now = deps.clock();
          const secret = webhookSecret();
          const webhook = await insertWebhook(tx, {
            userId: currentUser(request).id,
            url,
            events: [...new Set(events)],
            enabled,
            sealedSecret: deps.sealers.webhook.seal(secret),
            createdAt: now,
          });
          const headers = { location: `/api/v1/webhooks/${webhook.id}` };
          const event = auditEvent(request, { at: now, action: 'webhook.created', detail: webhookFacts(webhook) });
          return { status: 201, headers, body: { ...webhookJson(webhook), secret }, events: [event] };
        },
        { secret: true },
      );
    },
  );
};
