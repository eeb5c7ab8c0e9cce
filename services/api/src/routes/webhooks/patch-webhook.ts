import { webhookChangesSchema, webhookSchema } from '@sheaf/contract/webhook';
import { updateWebhook } from '@sheaf/db/webhooks/update-webhook';
import { AppError } from '@sheaf/domain/app-error';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { webhookUrl } from '../../use-cases/webhook-url.ts';
import { idParamsSchema } from '../id-params.ts';
import { webhookJson } from './webhook-json.ts';

export const patchWebhook: ApiRoute = (app, { db }) => {
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
      const webhook = await updateWebhook(db.orm, currentUser(request).id, request.params.id, {
        url: url === undefined ? undefined : webhookUrl(url),
        events: events && [...new Set(events)],
        enabled,
      });
      if (!webhook) throw new AppError('resource.not_found', 'There is no such webhook.');
      return webhookJson(webhook);
    },
  );
};
