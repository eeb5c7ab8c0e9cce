import * as webhooks from '@sheaf/db/webhooks/delete-webhook';
import { AppError } from '@sheaf/domain/app-error';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { idParamsSchema } from '../id-params.ts';

export const deleteWebhook: ApiRoute = (app, { db, clock }) => {
  app.delete(
    '/webhooks/:id',
    { onRequest: requireActor, schema: { tags: ['webhooks'], summary: 'Remove a webhook', params: idParamsSchema } },
    async (request, reply) => {
      const deleted = await webhooks.deleteWebhook(db.orm, currentUser(request).id, request.params.id, clock());
      if (!deleted) throw new AppError('resource.not_found', 'There is no such webhook.');
      return reply.code(204).send();
    },
  );
};
