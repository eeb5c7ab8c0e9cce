import { markInboxItemRead } from '@sheaf/db/inbox/mark-inbox-item-read';
import { AppError } from '@sheaf/domain/app-error';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { idParamsSchema } from '../id-params.ts';

export const postInboxItemRead: ApiRoute = (app, { db, clock }) => {
  app.post(
    '/me/inbox/:id/read',
    {
      onRequest: requireActor,
      config: { auditorMay: true },
      schema: { tags: ['me'], summary: 'Mark an entry as read', params: idParamsSchema },
    },
    async (request, reply) => {
      const there = await markInboxItemRead(db.orm, currentUser(request).id, request.params.id, clock());
      if (!there) throw new AppError('resource.not_found', 'There is no such entry.');
      return reply.code(204).send();
    },
  );
};
