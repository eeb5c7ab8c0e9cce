import { idSchema } from '@sheaf/contract/scalars';
import { revokeLink } from '@sheaf/db/downloads/revoke-link';
import { AppError } from '@sheaf/domain/app-error';
import { Type } from 'typebox';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { scopeOf } from '../../use-cases/download-scope.ts';

export const deleteLink: ApiRoute = (app, { db, clock }) => {
  app.delete(
    '/downloads/:id/links/:linkId',
    {
      onRequest: requireActor,
      schema: {
        tags: ['downloads'],
        summary: 'Revoke a link',
        params: Type.Object({ id: idSchema, linkId: idSchema }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { id, linkId } = request.params;
      const scope = scopeOf(currentUser(request), id);
      if (!(await revokeLink(db.orm, { ...scope, linkId, now: clock() }))) {
        throw new AppError('resource.not_found', 'There is no such link.');
      }
      return reply.code(204).send(null);
    },
  );
};
