import { appendAuditEvent } from '@sheaf/db/audit/append-audit-event';
import * as webhooks from '@sheaf/db/webhooks/delete-webhook';
import { AppError } from '@sheaf/domain/app-error';
import type { ApiRoute } from '../../api-deps.ts';
import { auditEvent } from '../../audit-event.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { idParamsSchema } from '../id-params.ts';
import { webhookFacts } from './webhook-facts.ts';

export const deleteWebhook: ApiRoute = (app, { db, clock }) => {
  app.delete(
    '/webhooks/:id',
    { onRequest: requireActor, schema: { tags: ['webhooks'], summary: 'Remove a webhook', params: idParamsSchema } },
    async (request, reply) => {
      const now = clock();
      const { id } = request.params;
      await db.transaction(async (tx) => {
        const deleted = await webhooks.deleteWebhook(tx, currentUser(request).id, id, now);
        if (!deleted) throw new AppError('resource.not_found', 'There is no such webhook.');
        const event = { at: now, action: 'webhook.deleted', detail: webhookFacts(deleted) } as const;
        await appendAuditEvent(tx, auditEvent(request, event));
      });
      return reply.code(204).send();
    },
  );
};
