import { webhookChangesSchema, webhookSchema } from '@sheaf/contract/webhook';
import { appendAuditEvent } from '@sheaf/db/audit/append-audit-event';
import { updateWebhook } from '@sheaf/db/webhooks/update-webhook';
import { AppError } from '@sheaf/domain/app-error';
import type { ApiRoute } from '../../api-deps.ts';
import { auditEvent } from '../../audit-event.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { webhookUrl } from '../../use-cases/webhook-url.ts';
import { idParamsSchema } from '../id-params.ts';
import { webhookFacts } from './webhook-facts.ts';
import { webhookJson } from './webhook-json.ts';

export const patchWebhook: ApiRoute = (app, { db, clock }) => {
  app.patch(
    '/webhooks/:id',
    {
      onRequest: requireActor,
      schema: {
        tags: ['webhooks'],
        summary: 'Change a webhook, or switch it off and on',
        params: idParamsSchema,
        body: webhookChangesSchema,
        response: { 200: webhookSchema },
      },
    },
    async (request) => {
      const { url, events, enabled } = request.body;
      const changes = {
        url: url === undefined ? undefined : webhookUrl(url),
        events: events && [...new Set(events)],
        enabled,
      };
      const webhook = await db.transaction(async (tx) => {
        const changed = await updateWebhook(tx, currentUser(request).id, request.params.id, changes);
        if (!changed) throw new AppError('resource.not_found', 'There is no such webhook.');
        const event = { at: clock(), action: 'webhook.changed', detail: webhookFacts(changed) } as const;
        await appendAuditEvent(tx, auditEvent(request, event));
        return changed;
      });
      return webhookJson(webhook);
    },
  );
};
