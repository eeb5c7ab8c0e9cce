import { pageQuerySchema } from '@sheaf/contract/page';
import { deliveryPageSchema } from '@sheaf/contract/webhook';
import { findWebhook } from '@sheaf/db/webhooks/find-webhook';
import { listDeliveries } from '@sheaf/db/webhooks/list-deliveries';
import { AppError } from '@sheaf/domain/app-error';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { pageJson } from '../../cursor.ts';
import { pageOf } from '../../page-query.ts';
import { idParamsSchema } from '../id-params.ts';
import { deliveryJson } from './webhook-json.ts';

export const getDeliveries: ApiRoute = (app, { db }) => {
  app.get(
    '/webhooks/:id/deliveries',
    {
      onRequest: requireActor,
      schema: {
        tags: ['webhooks'],
        summary: 'What a webhook was sent, with every attempt, newest first',
        params: idParamsSchema,
        querystring: pageQuerySchema,
        response: { 200: deliveryPageSchema },
      },
    },
    async (request) => {
      const webhook = await findWebhook(db.orm, currentUser(request).id, request.params.id);
      if (!webhook) throw new AppError('resource.not_found', 'There is no such webhook.');
      return pageJson(await listDeliveries(db.orm, webhook.id, pageOf(request.query)), deliveryJson);
    },
  );
};
