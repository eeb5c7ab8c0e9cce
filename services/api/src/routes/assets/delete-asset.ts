import * as catalogue from '@sheaf/db/catalogue/delete-asset';
import type { ApiRoute } from '../../api-deps.ts';
import { requireRole } from '../../current-user.ts';
import { idParamsSchema } from '../id-params.ts';

export const deleteAsset: ApiRoute = (app, { db, clock }) => {
  app.delete(
    '/assets/:id',
    {
      onRequest: requireRole('administrator'),
      schema: { tags: ['assets'], summary: 'Take an asset out of the catalogue', params: idParamsSchema },
    },
    async (request, reply) => {
      await catalogue.deleteAsset(db.orm, request.params.id, clock());
      return reply.code(204).send();
    },
  );
};
