import { revokeApiToken } from '@sheaf/db/users/api-tokens';
import { AppError } from '@sheaf/domain/app-error';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { idParamsSchema } from '../id-params.ts';

export const deleteToken: ApiRoute = (app, { db, clock }) => {
  app.delete(
    '/me/tokens/:id',
    {
      onRequest: requireActor,
      config: { auditorMay: true },
      schema: { tags: ['me'], summary: 'Revoke one of my tokens', params: idParamsSchema },
    },
    async (request, reply) => {
      const revoked = await revokeApiToken(db.orm, currentUser(request).id, request.params.id, clock());
      if (!revoked) throw new AppError('resource.not_found', 'There is no such token.');
      return reply.code(204).send();
    },
  );
};
