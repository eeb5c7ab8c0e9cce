import { assetFacetsSchema, assetFilterSchema } from '@sheaf/contract/asset';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { countFacets } from '../../use-cases/count-facets.ts';

export const getAssetFacets: ApiRoute = (app, { db, clock }) => {
  app.get(
    '/assets/facets',
    {
      onRequest: requireActor,
      schema: {
        tags: ['assets'],
        summary: 'How many assets I may see, by type, folder and licence',
        querystring: assetFilterSchema,
        response: { 200: assetFacetsSchema },
      },
    },
    (request) => countFacets(db.orm, { query: request.query, actor: currentUser(request), now: clock() }),
  );
};
