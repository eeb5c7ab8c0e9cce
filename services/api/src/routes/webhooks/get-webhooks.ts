import { pageQuerySchema } from '@sheaf/contract/page';
import { webhookPageSchema } from '@sheaf/contract/webhook';
import { listWebhooks } from '@sheaf/db/webhooks/list-webhooks';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { pageJson } from '../../cursor.ts';
import { pageOf } from '../../page-query.ts';
import { webhookJson } from './webhook-json.ts';

export const getWebhooks: ApiRoute = (app, { db }) => {
  app.get(
    '/webhooks',
    {
      onRequest: requireActor,
      schema: {
        tags: ['webhooks'],
        summary: 'My webhooks, newest first',
        querystring: pageQuerySchema,
        response: { 200: webhookPageSchema },
      },
    },
    async (request) =>
      pageJson(await listWebhooks(db.orm, currentUser(request).id, pageOf(request.query)), webhookJson),
  );
};
