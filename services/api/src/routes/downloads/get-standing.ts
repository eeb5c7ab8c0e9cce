import { standingSchema } from '@sheaf/contract/standing';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { readStanding } from '../../use-cases/read-standing.ts';
import { idParamsSchema } from '../id-params.ts';

export const getStanding: ApiRoute = (app, { db, clock }) => {
  app.get(
    '/downloads/:id/standing',
    {
      onRequest: requireActor,
      schema: {
        tags: ['downloads'],
        summary: 'Whether all of its files may still be had, and what may not',
        params: idParamsSchema,
        response: { 200: standingSchema },
      },
    },
    (request) => readStanding(db.orm, { actor: currentUser(request), downloadId: request.params.id, now: clock() }),
  );
};
