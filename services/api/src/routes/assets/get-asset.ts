import { assetSchema } from '@sheaf/contract/asset';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { readAsset } from '../../use-cases/read-asset.ts';
import { idParamsSchema } from '../id-params.ts';

export const getAsset: ApiRoute = (app, { db, clock }) => {
  app.get(
    '/assets/:id',
    {
      onRequest: requireActor,
      schema: {
        tags: ['assets'],
        summary: 'One asset with the renditions that I may see',
        params: idParamsSchema,
        response: { 200: assetSchema },
      },
    },
    (request) => readAsset(db.orm, { assetId: request.params.id, actor: currentUser(request), now: clock() }),
  );
};
