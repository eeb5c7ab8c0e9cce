import { downloadItemListQuerySchema, downloadItemPageSchema } from '@sheaf/contract/download';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { listItems } from '../../use-cases/list-items.ts';
import { idParamsSchema } from '../id-params.ts';

export const getDownloadItems: ApiRoute = (app, { db }) => {
  app.get(
    '/downloads/:id/items',
    {
      onRequest: requireActor,
      schema: {
        tags: ['downloads'],
        summary: 'The outcome of each asset, in the order of the request',
        params: idParamsSchema,
        querystring: downloadItemListQuerySchema,
        response: { 200: downloadItemPageSchema },
      },
    },
    (request) =>
      listItems(db.orm, { actor: currentUser(request), downloadId: request.params.id, query: request.query }),
  );
};
