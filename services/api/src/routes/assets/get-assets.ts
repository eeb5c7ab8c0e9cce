import { assetListQuerySchema, assetPageSchema } from '@sheaf/contract/asset';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { searchAssets } from '../../use-cases/search-assets.ts';

export const getAssets: ApiRoute = (app, { db, clock }) => {
  app.get(
    '/assets',
    {
      onRequest: requireActor,
      schema: {
        tags: ['assets'],
        summary: 'The assets that I may see, newest first',
        querystring: assetListQuerySchema,
        response: { 200: assetPageSchema },
      },
    },
    (request) => searchAssets(db.orm, { query: request.query, actor: currentUser(request), now: clock() }),
  );
};
