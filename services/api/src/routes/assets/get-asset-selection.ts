import { assetFilterSchema, assetSelectionSchema } from '@sheaf/contract/asset';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { selectMatchingAssets } from '../../use-cases/select-matching-assets.ts';

export const getAssetSelection: ApiRoute = (app, { db, clock }) => {
  app.get(
    '/assets/selection',
    {
      onRequest: requireActor,
      schema: {
        tags: ['assets'],
        summary: 'The ids of all assets that a filter finds, as many as one download may have',
        querystring: assetFilterSchema,
        response: { 200: assetSelectionSchema },
      },
    },
    (request) => selectMatchingAssets(db.orm, { query: request.query, actor: currentUser(request), now: clock() }),
  );
};
