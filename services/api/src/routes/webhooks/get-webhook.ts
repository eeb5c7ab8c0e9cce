import { webhookSchema } from '@sheaf/contract/webhook';
import { findWebhook } from '@sheaf/db/webhooks/find-webhook';
import { AppError } from '@sheaf/domain/app-error';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { idParamsSchema } from '../id-params.ts';
import { webhookJson } from './webhook-json.ts';

export const getWebhook: ApiRoute = (app, { db }) => {
  app.get(
    '/webhooks/:id',
    {
      onRequest: requireActor,
      schema: {
        tags: ['webhooks'],
        summary: 'One of my webhooks, without its secret',
        params: idParamsSchema,
        response: { 200: webhookSchema },
      },
    },
    async (request) => {
      const webhook = await findWebhook(db.orm, currentUser(request).id, request.params.id);
      if (!webhook) throw new AppError('resource.not_found', 'There is no such webhook.');
      return webhookJson(webhook);
    },
  );
};
